"""The adapter of PEP 684 subinterpreters: each worker is one slot of the native core.

The thread that calls `Worker.run` hands the request to the slot, waits on the slot's channel itself and serves tool
calls and streamed output as they come.  No other thread takes part but where a script goes on while a call of its is
under way (`acall_tool`): such calls are served by helper threads.
"""

from __future__ import annotations

import contextlib
import importlib.resources
import itertools
import logging
import math
import os
import sys
import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, final

from .. import _native, _values
from ..errors import EnclaveUsageError, UnsupportedPlatformError, WorkerStartupError
from ..result import ErrorCode, ErrorInfo, RunResult
from . import Abort, Job, NoRoomError, Outcome, RunSettings, WorkerLost
from .conversation import Conversation
from .helpers import Helpers
from .library import allowed_at, stock
from .outcome import aborted_outcome, lost_outcome, outcome_of
from .preload import preload

if TYPE_CHECKING:
    from .loop_runs import LoopChannel

__all__ = ["SubinterpreterAdapter", "SubinterpreterWorker"]

_log = logging.getLogger("enclave_subinterp.worker")

_FILENAME: Final = "<enclave>"
# How long an interrupted caller waits for its halt to take effect before it leaves the slot to be ended elsewhere.
_ABANDON_SECONDS: Final = 0.25
_LAST_WORD_SECONDS: Final = 0.01

_EVENT_DONE: Final = _native.EVENT_DONE

_HALTS: Final = {
    Abort.CLOSED: _native.HALT_CLOSED,
    Abort.MAX_TOOL_CALLS: _native.HALT_TOOL_CALLS,
    Abort.MESSAGE_FLOOD: _native.HALT_FLOOD,
}

# Without a filter of system calls these levels do not start.
_NEEDS_FILTER: Final = frozenset({"STRICT", "SECURE"})

_worker_ids = itertools.count(1)

# The layers of the sandbox; tests take some away.  Those of `_POLICY` the core has all or none, but in a build for
# tests.
LAYERS = frozenset({"language", "modules", "functions", "types", "audit", "system"})
_POLICY: Final = frozenset({"modules", "types", "audit"})


@final
class SubinterpreterAdapter:
    """Makes workers and jobs for one enclave."""

    def __init__(self, settings: RunSettings) -> None:
        """Check the platform, bring the host into the state that slots need, and check the globals.

        Raises:
            UnsupportedPlatformError: the platform lacks what `settings` requires.
            TypeError, ValueError: one of the globals cannot cross.
        """
        _require_platform(settings)
        _prepare_host(settings.allowed_modules or ())
        self._settings = settings
        self._base = dict(settings.globals) if settings.globals else None
        modules = settings.allowed_modules
        self._options = {
            "max_iterations": settings.max_iterations,
            "strip_paths": settings.strip_paths,
        }
        allowed = allowed_at(settings.security_level) if modules is None else modules
        self._bootstrap = _bootstrap(settings.security_level, allowed, LAYERS)
        self._helpers = Helpers(settings.pool.max_pending_tool_calls)
        if self._base:
            _check_globals(self._base, settings.pool.max_message_size)

    @property
    def keeps_state(self) -> bool:
        """Runs leave their state in their worker."""
        return not self._settings.pristine

    def prepare(
        self,
        code: str,
        timeout: float | None,
        variables: Mapping[str, Any] | None,
        *,
        base: bool = True,
        renew: bool = False,
    ) -> Job:
        """The job for one script; `timeout` in seconds, None for the enclave's.

        A script that cannot be handed over comes to a job that has its outcome already.  The enclave's globals come
        along with `base`; with `renew` the guest renews what must differ after a way back to a checkpoint.

        Raises:
            TypeError, ValueError: one of the variables cannot cross.
        """
        settings = self._settings
        scope = self._base if base else None
        options = {**self._options, "renew": True} if renew else self._options
        if variables:
            scope = {**scope, **variables} if scope else dict(variables)
        limit = settings.pool.max_message_size
        try:
            request = _native.encode((code, _FILENAME, scope, options), max_size=limit)
        except _native.EncodeError as error:
            if scope:
                _check_globals(scope, limit)
            job = Job(b"", settings.timeout if timeout is None else timeout)
            job.outcome = _refused(error, len(code), limit)
            return job
        return Job(request, settings.timeout if timeout is None else timeout)

    def create_worker(self) -> SubinterpreterWorker:
        """Begin to start a slot and return at once.

        Raises:
            WorkerStartupError: its thread or memory range cannot be had.
        """
        settings = self._settings
        worker_id = next(_worker_ids)
        try:
            slot = _native.Slot(
                bootstrap=self._bootstrap,
                memory_limit=settings.pool.memory_limit_per_worker,
                max_message_size=settings.pool.max_message_size,
                pristine=settings.pristine,
                name=f"enclave-{worker_id}",
                sandbox="system" in LAYERS,
                policy=not _POLICY.isdisjoint(LAYERS),
            )
        except (_native.NativeError, MemoryError, OSError) as error:
            raise WorkerStartupError(f"a worker could not be started: {error}") from error
        return SubinterpreterWorker(slot, worker_id, settings, self._helpers)

    def aborted(self, reason: Abort) -> Outcome:
        """The outcome of a job that was ended before it began."""
        return aborted_outcome(reason)

    def close(self, timeout: float) -> bool:
        """End the helper threads; False if a tool holds one of them up for `timeout` seconds."""
        return self._helpers.close(timeout)


@final
class SubinterpreterWorker:
    """One slot."""

    __slots__ = (
        "_channel",
        "_helpers",
        "_limits",
        "_pid",
        "_settings",
        "_slot",
        "executions",
        "id",
        "lost",
    )

    def __init__(self, slot: _native.Slot, worker_id: int, settings: RunSettings, helpers: Helpers) -> None:
        self.id = worker_id
        self.executions = 0
        self.lost = False
        self._slot = slot
        self._channel: LoopChannel | None = None
        self._pid = os.getpid()
        self._settings = settings
        self._helpers = helpers
        # The core counts calls too, where 0 would mean no limit: the host refuses those itself.
        self._limits: dict[str, Any] = {
            "cpu_limit": settings.cpu_limit or 0.0,
            "max_output_bytes": settings.max_output_bytes,
            "max_output_calls": settings.max_output_calls,
            "max_tool_calls": min(settings.max_tool_calls, sys.maxsize),
            "stream": settings.on_output is not None,
            "max_messages_per_second": min(settings.pool.max_messages_per_second, sys.maxsize),
            "max_pending_tool_calls": min(settings.pool.max_pending_tool_calls, sys.maxsize),
            "max_iterations": min(settings.max_iterations or 0, sys.maxsize),
        }

    @property
    def interpreter_id(self) -> int | None:
        """The id of the slot's interpreter; None while it is being made."""
        slot = self._slot
        return None if slot.state == _native.STATE_STARTING else slot.interpreter_id

    @property
    def idle(self) -> bool:
        """It is neither starting nor still rewinding."""
        return self._slot.state == _native.STATE_IDLE

    def wait_ready(self, timeout: float) -> None:
        """Wait until the slot can run; WorkerStartupError with the core's reason, or after `timeout` seconds."""
        try:
            ready = self._slot.wait_ready(timeout)
        except _native.NativeError as error:
            self.lost = True
            raise WorkerStartupError(f"worker {self.id} could not be started: {error}") from error
        if not ready:
            self.lost = True
            raise WorkerStartupError(f"worker {self.id} was not ready after {timeout:.3g} s")

    def run(self, job: Job) -> None:
        """Serve the job on the calling thread; see `Worker.run`."""
        if job.abort is not None:
            job.outcome = aborted_outcome(job.abort, job.queue_time)
            return
        begun = time.monotonic_ns()
        try:
            job.started = True
            self._start(job)
            self._converse(job, job.run_id, begun)
        except WorkerLost:
            raise
        except BaseException:
            self._abandon(job)
            raise

    def abort(self, job: Job, reason: Abort) -> bool:
        """Mark the job as ended by the host and halt it if it is running."""
        if job.outcome is not None:
            return False
        if job.abort is None:
            job.abort = reason
        if job.run_id:
            return self._slot.halt(job.run_id, _reason(reason))
        return True

    def _kept_limits(self, job: Job, settings: RunSettings) -> dict[str, Any]:
        """The limits of a session's run, whose state is kept."""
        return {
            **self._limits,
            "max_tool_calls": min(settings.max_tool_calls, sys.maxsize),
            "keep": True,
            "fall_back": job.fall_back,
        }

    def see_crash(self, done: _native.Done, result: RunResult) -> None:
        """End the process after a native crash, if that was asked for."""
        if done.outcome == _native.OUTCOME_CRASHED and self._settings.pool.on_native_crash == "abort":
            _abort_process(self.id, result)

    async def wait_ready_on_loop(self, seconds: float) -> None:
        """`wait_ready` for the running event loop."""
        import asyncio

        if self._slot.state == _native.STATE_STARTING:
            channel = self._channel_on_loop()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while self._slot.state == _native.STATE_STARTING:
                        await channel.changed()
        self.wait_ready(0.0)

    async def run_on_loop(self, job: Job) -> None:
        """Serve the job on the running event loop; see `Worker.run_on_loop`."""
        from .loop_runs import LoopRun

        if job.abort is not None:
            job.outcome = aborted_outcome(job.abort, job.queue_time)
            return
        settings = self._settings if job.settings is None else job.settings
        run = LoopRun(self, self._slot, self._channel_on_loop(), job, settings)
        try:
            job.started = True
            self._start(job)
            await run.wait()
        except WorkerLost:
            raise
        except BaseException:  # the coroutine is closed with its loop: nobody can be awaited any more
            self._abandon(job)
            raise

    def _start(self, job: Job) -> None:
        """Hand the job over, or WorkerLost."""
        timeout = job.timeout
        limits = self._limits if job.settings is None else self._kept_limits(job, job.settings)
        try:
            run_id = self._slot.start(job.request, timeout=0.0 if timeout == math.inf else timeout, **limits)
        except _native.NativeError as error:
            job.started = False
            self.lost = True
            raise WorkerLost(str(error)) from error
        job.run_id = run_id
        self.executions += 1
        abort = job.abort_asked()
        if abort is not None:  # set by a thread that saw no run_id yet
            self._slot.halt(run_id, _reason(abort))

    def _channel_on_loop(self) -> LoopChannel:
        if self._channel is None:
            import asyncio

            from .loop_runs import LoopChannel

            self._channel = LoopChannel(asyncio.get_running_loop(), self._slot)
        return self._channel

    def memory(self) -> int:
        """Bytes that the slot and its checkpoints hold now."""
        return self._slot.memory()[0] + self._slot.checkpoint_memory

    def checkpoint(self) -> int:
        """Keep the slot's state as it is; see `Worker.checkpoint`."""
        try:
            return self._slot.checkpoint()
        except _native.NativeError as error:
            if self._slot.state == _native.STATE_IDLE:
                raise NoRoomError(str(error)) from error
            self.lost = True
            raise WorkerLost(str(error)) from error

    def restore(self, checkpoint: int) -> None:
        """Put a checkpoint back; see `Worker.restore`."""
        try:
            self._slot.restore(checkpoint)
        except _native.NativeError as error:
            self.lost = True
            raise WorkerLost(str(error)) from error

    def forget(self, checkpoint: int) -> None:
        """Give a checkpoint's memory back."""
        try:
            self._slot.forget(checkpoint)
        except _native.NativeError as error:
            self.lost = True
            raise WorkerLost(str(error)) from error

    def close(self, timeout: float) -> bool:
        """End the slot, halting what runs; False when it had to be condemned."""
        self.lost = True
        ended = self._slot.close(timeout)
        if ended and self._channel is not None:
            self._channel.close()
        return ended

    def _converse(self, job: Job, run_id: int, begun: int) -> None:
        """Take the run's events until it is done."""
        slot = self._slot
        settings = self._settings if job.settings is None else job.settings
        conversation: Conversation | None = None
        try:
            while True:
                event = slot.next_event() if conversation is None else conversation.next_event()
                if event is None:
                    continue
                kind, number, first, second = event
                if kind != _EVENT_DONE:
                    if conversation is None:
                        abort = partial(self.abort, job)
                        conversation = Conversation(slot, settings, self._helpers, job, begun, abort)
                    conversation.hear(kind, number, first, second)
                    self._refuse_forked_child()
                elif number == run_id:
                    break
        except _native.NativeError as error:
            self.lost = True
            job.outcome = lost_outcome(job, self.id, str(error))
            return
        finally:
            if conversation is not None:
                conversation.close()
        assert isinstance(first, _native.Done)
        calls = conversation.tool_calls if conversation is not None else 0
        job.outcome = outcome_of(first, job, settings, self.id, calls)
        if first.replace:
            self.lost = True
        if conversation is not None:
            conversation.finish()
        self.see_crash(first, job.outcome.result)
        if conversation is not None and conversation.interruption is not None:
            raise conversation.interruption

    def _refuse_forked_child(self) -> None:
        """After a callback of the host's: it may have forked, and the slot's thread is not in the child."""
        if os.getpid() != self._pid:
            raise EnclaveUsageError(
                "fork() was called inside a callback of a run: the run goes on in the parent only"
            )

    def _abandon(self, job: Job) -> None:
        """The caller was interrupted: halt its run, and give up the slot if that does not take effect at once."""
        if job.outcome is not None:
            return
        if (
            os.getpid() != self._pid or not job.run_id
        ):  # the slot's thread is not here, or what it does is unknown
            self.lost = True
            return
        self.lost = True  # until the run is seen to have ended
        slot = self._slot
        run_id = job.run_id
        if job.abort is None:
            job.abort = Abort.INTERRUPTED
        # A run that is over may have said so already, to a wait whose answer was lost in the interruption.
        running = slot.halt(run_id, _native.HALT_ABORTED)
        deadline = time.monotonic() + (_ABANDON_SECONDS if running else _LAST_WORD_SECONDS)
        try:
            while (left := deadline - time.monotonic()) > 0:
                event = slot.next_event(left)
                if event is not None and event[0] == _EVENT_DONE and event[1] == run_id:
                    assert isinstance(event[2], _native.Done)
                    job.outcome = outcome_of(event[2], job, self._settings, self.id, 0)
                    self.lost = event[2].replace
                    return
        except _native.NativeError:
            return
        if not running:
            job.outcome = lost_outcome(job, self.id, "interrupted", replace=False)
            self.lost = False
            return
        _log.warning("worker %d did not end its interrupted run within %.2f s", self.id, _ABANDON_SECONDS)


def _bootstrap(level: str, allowed: Iterable[str], layers: frozenset[str]) -> bytes:
    """The text of the guest's runtime, behind that of the codec's extension types, which both sides share."""
    package = importlib.resources.files(__package__.rpartition(".")[0])
    guest = package.joinpath("guest")
    files = ("rules.py", "language.py", "turns.py", "modules.py", "event_loop.py", "bootstrap.py")
    text = [part.read_bytes() for part in (package.joinpath("_values.py"), *map(guest.joinpath, files))]
    # The last steps of the warm-up: from there on there are scripts.
    steps = {
        "audit": "_expect_audit()",
        "functions": "_take_away_process_wide()",
        "modules": "_forget_modules()",
        "language": f"_check_scripts({level!r}); _limit_names({sorted(allowed)!r}, {level!r})",
    }
    text += [step.encode() for layer, step in steps.items() if layer in layers]
    return b"\n".join(text)


def _reason(abort: Abort) -> int:
    return _HALTS.get(abort, _native.HALT_ABORTED)


def _refused(error: _native.EncodeError, length: int, limit: int) -> Outcome:
    """The outcome of a script whose source cannot be handed over: the script's fault, so a result."""
    if error.reason == "size":
        message = f"the script has {length} characters; with its globals it must fit into {limit} bytes"
        info = ErrorInfo("MessageTooLargeError", message, ErrorCode.MESSAGE_TOO_LARGE, None, {"limit": limit})
    else:
        info = ErrorInfo("SyntaxError", f"the script cannot be encoded: {error}", ErrorCode.VALIDATION_ERROR)
    return Outcome(RunResult(False, None, info))


def _check_globals(variables: Mapping[str, Any], limit: int) -> None:
    """Complain of the first variable that cannot cross."""
    for name, value in variables.items():
        try:
            _native.encode(value, max_size=limit)
        except _native.EncodeError as error:
            kind = TypeError if error.reason == "type" else ValueError
            raise kind(
                f"globals[{name!r}]: expected a value that can cross, got {type(value).__name__}: {error}"
            ) from error
    try:
        _native.encode(dict(variables), max_size=limit)
    except _native.EncodeError as error:
        raise ValueError(f"globals: cannot cross together: {error}") from error


def _require_platform(settings: RunSettings) -> None:
    """Fail closed: what the settings promise and the platform lacks is an error before anything runs."""
    found = _native.platform()
    needed = ["hard_halt", "memory_limit"]
    if settings.pool.on_native_crash == "contain":
        needed.append("crash_containment")
    missing = [name for name in needed if not found.get(name)]
    if settings.pristine and found.get("rewind") in (None, False, "none"):
        missing.append("rewind (needed by pristine=True)")
    if settings.security_level in _NEEDS_FILTER and "system" in LAYERS and not found.get("seccomp"):
        missing.append(f"seccomp (needed by security_level={settings.security_level!r})")
    if missing:
        raise UnsupportedPlatformError(
            f"this platform ({sys.platform}, Python {sys.version.split()[0]}) lacks {', '.join(missing)};"
            " capabilities() has the details"
        )


def _prepare_host(modules: Iterable[str]) -> None:
    """Bring about, once and before the first slot, what slots must find done in the host."""
    preload(modules)
    if "modules" in LAYERS:
        stock(modules)
    # After the preload, so that datetime, decimal, uuid and zoneinfo are there; again and again does no harm.
    _native.set_ext(_values.encode_table(sys.modules), _values.decode_table())


def _abort_process(worker_id: int, result: RunResult) -> None:
    message = result.error.message if result.error is not None else ""
    _log.critical("worker %d: %s; aborting the process, as on_native_crash='abort' asks", worker_id, message)
    os.abort()
