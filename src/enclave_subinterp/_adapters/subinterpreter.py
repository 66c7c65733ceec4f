"""The adapter of PEP 684 subinterpreters: each worker is one slot of the native core.

The thread that calls `Worker.run` hands the request to the slot, waits on the slot's channel itself and serves tool
calls and streamed output as they come.  No other thread takes part but where a script goes on while a call of its is
under way (`acall_tool`): such calls are served by helper threads.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, final

from .. import _native, _values
from ..errors import EnclaveUsageError, WorkerStartupError
from . import Abort, Job, Outcome, RunSettings, WorkerLost
from .conversation import Conversation
from .helpers import Helpers
from .library import allowed_at, stock
from .outcome import aborted_outcome, lost_outcome, outcome_of
from .preload import preload
from .requests import Requests
from .runtime import runtime
from .slot_worker import SlotWorker, require_platform, worker_ids

if TYPE_CHECKING:
    from .loop_runs import LoopChannel

__all__ = ["SubinterpreterAdapter", "SubinterpreterWorker"]


_EVENT_DONE: Final = _native.EVENT_DONE

# Without a filter of system calls these levels do not start.
_NEEDS_FILTER: Final = frozenset({"STRICT", "SECURE"})

# The guest's runtime, in the order in which it is run.
GUEST_MODULES: Final = (
    "guest.process",
    "guest.rules",
    "guest.language",
    "guest.turns",
    "guest.compiling",
    "guest.reporting",
    "guest.surface",
    "guest.imports",
    "guest.modules",
    "guest.event_loop",
    "guest.bootstrap",
)

# What scripts do, in short: new slots are used to it before the first comes.
_EXERCISE: Final = """
class Point:
    def __init__(self, x):
        self.x = x

    def moved(self, by=1):
        return Point(self.x + by)

def far(points):
    return [point.x for point in points if point.x > 1]

found = {name: n for n, name in enumerate(["a", "b", "c"])}
try:
    found["d"]
except KeyError as error:
    missing = str(error)
print(f"{far([Point(n).moved() for n in range(3)])} {missing}")
sorted(found.items(), key=lambda item: -item[1])
"""

# The layers of the sandbox; tests take some away.  Those of `_POLICY` the core has all or none, but in a build for
# tests.
LAYERS = frozenset({"language", "modules", "functions", "types", "audit", "system"})
_POLICY: Final = frozenset({"modules", "types", "audit"})


@final
class SubinterpreterAdapter(Requests):
    """Makes workers and jobs for one enclave."""

    def __init__(self, settings: RunSettings) -> None:
        """Check the platform, bring the host into the state that slots need, and check the globals.

        Raises:
            UnsupportedPlatformError: the platform lacks what `settings` requires.
            TypeError, ValueError: one of the globals cannot cross.
        """
        _require_platform(settings)
        _prepare_host(settings.allowed_modules or ())
        super().__init__(settings)
        modules = settings.allowed_modules
        allowed = allowed_at(settings.security_level) if modules is None else modules
        self._bootstrap = _bootstrap(settings.security_level, allowed, LAYERS)
        self._codes = _native.CodeCache()
        self._helpers = Helpers(settings.pool.max_pending_tool_calls)

    @property
    def keeps_state(self) -> bool:
        """Runs leave their state in their worker."""
        return not self._settings.pristine

    def make_queue(self) -> None:
        """Its workers take one job at a time."""

    def create_worker(self) -> SubinterpreterWorker:
        """Begin to start a slot and return at once.

        Raises:
            WorkerStartupError: its thread or memory range cannot be had.
        """
        settings = self._settings
        worker_id = next(worker_ids)
        try:
            slot = _native.Slot(
                bootstrap=self._bootstrap,
                memory_limit=settings.pool.memory_limit_per_worker,
                max_message_size=settings.pool.max_message_size,
                pristine=settings.pristine,
                name=f"enclave-{worker_id}",
                sandbox="system" in LAYERS,
                policy=not _POLICY.isdisjoint(LAYERS),
                code_cache=self._codes,
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
class SubinterpreterWorker(SlotWorker):
    """One slot for guests."""

    __slots__ = ("_channel", "_helpers", "_limits", "_settings")

    def __init__(self, slot: _native.Slot, worker_id: int, settings: RunSettings, helpers: Helpers) -> None:
        super().__init__(slot, worker_id, settings.pool)
        self._channel: LoopChannel | None = None
        self._settings = settings
        self._helpers = helpers
        # The core counts calls too, where 0 would mean no limit: the host refuses those itself.
        self._limits: dict[str, Any] = {
            "cpu_limit": settings.cpu_limit or 0.0,
            "max_output_bytes": min(settings.max_output_bytes, sys.maxsize),
            "max_output_calls": min(settings.max_output_calls, sys.maxsize),
            "max_tool_calls": min(settings.max_tool_calls, sys.maxsize),
            "stream": settings.on_output is not None,
            "max_messages_per_second": min(settings.pool.max_messages_per_second, sys.maxsize),
            "max_pending_tool_calls": min(settings.pool.max_pending_tool_calls, sys.maxsize),
            "max_iterations": min(settings.max_iterations or 0, sys.maxsize),
        }

    def _hand_over(self, job: Job) -> int:
        timeout = job.timeout
        limits = self._limits if job.settings is None else self._kept_limits(job, job.settings)
        if job.lent is not None:
            limits = {**limits, "buffers": (job.lent,)}
        return self._slot.start(job.request, timeout=0.0 if timeout == math.inf else timeout, **limits)

    def _outcome(self, done: _native.Done, job: Job) -> Outcome:
        return outcome_of(done, job, self._settings, self.id, 0)

    def _kept_limits(self, job: Job, settings: RunSettings) -> dict[str, Any]:
        """The limits of a session's run, whose state is kept."""
        return {
            **self._limits,
            "max_tool_calls": min(settings.max_tool_calls, sys.maxsize),
            "keep": True,
            "fall_back": job.fall_back,
        }

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

    def _channel_on_loop(self) -> LoopChannel:
        if self._channel is None:
            import asyncio

            from .loop_runs import LoopChannel

            self._channel = LoopChannel(asyncio.get_running_loop(), self._slot)
        return self._channel

    def close(self, timeout: float) -> bool:
        """End the slot, halting what runs; False when it had to be condemned."""
        ended = super().close(timeout)
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
                kind, number, first, second, share = event
                if kind != _EVENT_DONE:
                    if conversation is None:
                        abort = partial(self.abort, job)
                        conversation = Conversation(slot, settings, self._helpers, job, begun, abort)
                    conversation.hear(kind, number, first, second, share)
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


def _bootstrap(level: str, allowed: Iterable[str], layers: frozenset[str]) -> bytes:
    """The guest's runtime, behind the codec's extension types, which both sides share."""
    # The last steps of the warm-up: from there on there are scripts.
    layer_steps = {
        "audit": "_expect_audit()",
        "functions": f"_take_away_process_wide({level!r})",
        "modules": "_forget_modules()",
        "language": f"_check_scripts({level!r}); _limit_names({sorted(allowed)!r}, {level!r})",
    }
    steps = [
        "import gc as _collector",
        *(step for layer, step in layer_steps.items() if layer in layers),
        f"_exercise({_EXERCISE!r}, _collector); del _collector, _exercise",
    ]
    return runtime(("_values", *GUEST_MODULES), "\n".join(steps))


def _require_platform(settings: RunSettings) -> None:
    """Fail closed: what the settings promise and the platform lacks is an error before anything runs."""
    found = _native.platform()
    needed = ["hard_halt", "memory_limit"]
    if settings.pool.on_native_crash == "contain":
        needed.append("crash_containment")
    missing = []
    if settings.pristine and found.get("rewind") in (None, False, "none"):
        missing.append("rewind (needed by pristine=True)")
    if settings.security_level in _NEEDS_FILTER and "system" in LAYERS and not found.get("seccomp"):
        missing.append(f"seccomp (needed by security_level={settings.security_level!r})")
    require_platform(needed, tuple(missing))


def _prepare_host(modules: Iterable[str]) -> None:
    """Bring about, once and before the first slot, what slots must find done in the host."""
    preload(modules)
    if "modules" in LAYERS:
        stock(modules)
    # After the preload, so that datetime, decimal, uuid and zoneinfo are there; again and again does no harm.
    _native.set_ext(_values.encode_table(sys.modules), _values.decode_table())
