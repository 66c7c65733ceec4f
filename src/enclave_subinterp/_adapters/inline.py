"""The adapter without isolation: scripts run in the host's interpreter, in the thread that waits for them.

    Enclave        the calling thread; a helper thread if an event loop runs in it, which the script's own would meet
    AsyncEnclave   a helper thread, so that the loop goes on and can serve the script's tool calls

It is the language layer alone (guest/*.py), with the results and limits of the other adapters as far as the host can
see to them.  A worker is a place in the pool and a namespace.  Values cross by the codec, so that a script behaves the
same when the adapter is changed, and no object of the host's is shared by accident.

What ends a run is an exception in its thread (`inline_run.Halted`): advisory, for a script can catch it, and no call
into C sees it.
"""

from __future__ import annotations

import contextlib
import contextvars
import importlib
import itertools
import math
import sys
import threading
import time
import weakref
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Final, final

from .. import _native, _values
from ..config import WorkerPoolConfig
from ..errors import UnsupportedPlatformError, WorkerStartupError
from ..presets import SecurityLevel
from . import Abort, Job, Outcome, RunSettings, WorkerLost
from .helpers import Helpers
from .inline_guest import Guest, Surroundings
from .inline_run import Halted, InlineRun, running_loop
from .inline_serving import Serving, ThreadServing
from .inline_watch import WATCH
from .outcome import aborted_outcome, halt_number, outcome_of
from .requests import Requests

__all__ = ["InlineAdapter", "InlineWorker"]

_LEVELS: Final = ("STANDARD", "PERMISSIVE")
_VALUE_MODULES: Final = ("datetime", "decimal", "uuid", "zoneinfo")  # whose values can cross
_ABANDON_SECONDS: Final = 0.25  # that an interrupted caller gives to a run on a helper thread

_worker_ids = itertools.count(1)
_run_ids = itertools.count(1)


@final
class InlineAdapter(Requests):
    """Makes workers and jobs for one enclave."""

    def __init__(self, settings: RunSettings) -> None:
        """Check that nothing is asked for that is not to be had, and check the globals.

        Raises:
            UnsupportedPlatformError: the settings require what this adapter lacks.
            TypeError, ValueError: one of the globals cannot cross.
        """
        _require(settings)
        for name in _VALUE_MODULES:
            importlib.import_module(name)
        _native.set_ext(_values.encode_table(sys.modules), _values.decode_table())
        super().__init__(settings)
        self._common = Surroundings(settings)
        self._tool_threads = Helpers(settings.pool.max_pending_tool_calls)
        self._run_threads = Helpers(settings.pool.max_workers)

    @property
    def keeps_state(self) -> bool:
        """There is no memory of workers that could be watched."""
        return False

    def make_queue(self) -> None:
        """Its workers take one job at a time."""

    def create_worker(self) -> InlineWorker:
        """One more place."""
        return InlineWorker(self._settings, self._common, self._tool_threads, self._run_threads)

    def aborted(self, reason: Abort) -> Outcome:
        """The outcome of a job that was ended before it began."""
        return aborted_outcome(reason)

    def close(self, timeout: float) -> bool:
        """End the helper threads; False if one of them is held up for `timeout` seconds."""
        deadline = time.monotonic() + timeout
        ended = self._run_threads.close(timeout)
        return self._tool_threads.close(max(0.0, deadline - time.monotonic())) and ended


@final
class InlineWorker:
    """A place in the pool, and the namespace that is kept in it, if one is."""

    __slots__ = (
        "_busy",
        "_closed",
        "_common",
        "_guest",
        "_job",
        "_run",
        "_run_threads",
        "_settings",
        "_tool_threads",
        "executions",
        "id",
        "lost",
    )

    def __init__(
        self, settings: RunSettings, common: Surroundings, tool_threads: Helpers, run_threads: Helpers
    ) -> None:
        self.id = next(_worker_ids)
        self.executions = 0
        self.lost = False
        self._settings = settings
        self._common = common
        self._tool_threads = tool_threads
        self._run_threads = run_threads
        self._guest: Guest | None = None
        self._busy = threading.Lock()  # while a run is under way
        self._run: InlineRun | None = None
        self._job: Job | None = None
        self._closed = False
        WATCH.enter()

    @property
    def interpreter_id(self) -> int:
        """The main interpreter's."""
        return 0

    @property
    def idle(self) -> bool:
        """There is nothing to be finished first."""
        return True

    def wait_ready(self, timeout: float) -> None:
        """It is."""

    async def wait_ready_on_loop(self, seconds: float) -> None:
        """It is."""

    def memory(self) -> int:
        """Nobody knows what part of the host's memory is a script's."""
        return 0

    def run(self, job: Job) -> None:
        """Serve the job on the calling thread; see `Worker.run`."""
        if job.abort is not None:
            job.outcome = aborted_outcome(job.abort, job.queue_time)
            return
        serving = ThreadServing(self._settings_of(job), self._tool_threads)
        if running_loop() is None:
            self._serve(job, serving, contextvars.copy_context())
        else:
            self._serve_elsewhere(job, serving)

    async def run_on_loop(self, job: Job) -> None:
        """Serve the job on a helper thread; see `Worker.run_on_loop`."""
        import asyncio

        from .inline_serving import LoopServing

        if job.abort is not None:
            job.outcome = aborted_outcome(job.abort, job.queue_time)
            return
        loop = asyncio.get_running_loop()
        failures: list[BaseException] = []
        ended = asyncio.Event()
        # A run that does not end must not keep the task that awaits it, and the enclave, alive.
        reference = weakref.ref(ended)

        def tell(failure: BaseException | None) -> None:
            if failure is not None:
                failures.append(failure)
            event = reference()
            if event is not None:
                with contextlib.suppress(RuntimeError):  # the loop is closed
                    loop.call_soon_threadsafe(event.set)

        self._begin_elsewhere(job, LoopServing(self._settings_of(job), loop), tell)
        try:
            await ended.wait()
        except asyncio.CancelledError:
            self.abort(job, Abort.INTERRUPTED)
            while not ended.is_set():
                with contextlib.suppress(asyncio.CancelledError):  # once more: it has been told to end
                    await ended.wait()
            raise
        except BaseException:  # the coroutine is closed with its loop: nobody can be awaited any more
            self.lost = True
            self.abort(job, Abort.INTERRUPTED)
            raise
        if failures:
            raise failures[0]

    def abort(self, job: Job, reason: Abort) -> bool:
        """Mark the job as ended by the host, and tell it if it is running."""
        if job.outcome is not None:
            return False
        if job.abort is None:
            job.abort = reason
        run = self._run
        if run is not None and self._job is job:
            return run.halt(halt_number(reason))
        return True

    def checkpoint(self) -> int:
        """There are none: UnsupportedPlatformError."""
        raise UnsupportedPlatformError(
            "checkpoint() needs a rewind, which adapter 'inline' lacks: nobody can put back what a script does to the"
            " host's objects; use adapter='subinterpreter'"
        )

    def restore(self, checkpoint: int) -> None:  # noqa: ARG002 - the protocol's
        """The state of a new worker, which is a new namespace; there are no checkpoints."""
        self._guest = None

    def forget(self, checkpoint: int) -> None:
        """There are none."""

    def close(self, timeout: float) -> bool:
        """End it, telling what runs; False if that does not end within `timeout` seconds."""
        self.lost = True
        run = self._run
        if run is not None:
            run.halt(_native.HALT_CLOSED)
            if (
                run.thread == threading.get_ident()
            ):  # a tool closes its own enclave: it ends when the tool returns
                self._dismiss()
                return True
        ended = self._busy.acquire(timeout=timeout)
        if ended:
            self._busy.release()
        self._dismiss()
        return ended

    def _dismiss(self) -> None:
        if not self._closed:
            self._closed = True
            WATCH.leave()

    def _settings_of(self, job: Job) -> RunSettings:
        return self._settings if job.settings is None else job.settings

    def _serve_elsewhere(self, job: Job, serving: Serving) -> None:
        """Have the job served by a helper thread, and wait for it."""
        news: SimpleQueue[BaseException | None] = SimpleQueue()
        self._begin_elsewhere(job, serving, news.put)
        try:
            failure = news.get()
        except BaseException:  # KeyboardInterrupt
            self.abort(job, Abort.INTERRUPTED)
            try:
                news.get(timeout=_ABANDON_SECONDS)
            except Empty:
                self.lost = True
            raise
        if failure is not None:
            raise failure

    def _begin_elsewhere(
        self, job: Job, serving: Serving, tell: Callable[[BaseException | None], object]
    ) -> None:
        """Have the job served by a helper thread, which tells of its end.

        Raises:
            WorkerStartupError: there is no thread to be had.
        """
        context = contextvars.copy_context()
        wanted = True

        def work() -> None:
            if not wanted:
                return
            failure: BaseException | None = None
            try:
                self._serve(job, serving, context)
            except BaseException as error:  # noqa: BLE001 - for whoever waits
                failure = error
            tell(failure)

        if not self._run_threads.submit(work):
            wanted = False
            raise WorkerStartupError("no thread can be had to run the script beside the event loop")

    def _serve(self, job: Job, serving: Serving, context: contextvars.Context) -> None:
        """Serve the job on this thread."""
        settings = self._settings_of(job)
        begun, cpu_begun = time.monotonic_ns(), time.thread_time_ns()
        run = InlineRun(settings, serving, begun, job.timeout)
        serving.attend(run)
        halted = True
        answer = (_native.OUTCOME_HALTED, b"")
        failure: BaseException | None = None
        with self._busy:
            try:
                job.run_id = next(_run_ids)
                self._job, self._run = job, run
                if job.timeout != math.inf:
                    self._watch(run)
                job.started = True
                self.executions += 1
                abort = job.abort_asked()
                if abort is not None:  # set by a thread that saw no run yet
                    run.halt(halt_number(abort))
                answer = run.execute(self._guest_for(job, run), context, *_script(job))
                halted = False
            except WorkerLost:
                raise
            except Halted:
                pass
            except BaseException as error:  # noqa: BLE001 - of a signal handler; raised again below
                failure = error
            finally:
                run.over = True
                WATCH.remove(run)
                self._run = self._job = None
                if run.reason or halted:
                    self._guest = None
            interruption = failure or run.interruption
            if interruption is not None and job.abort is None:
                job.abort = Abort.INTERRUPTED
            serving.finish()
            if run.reason or halted:
                answer = (_native.OUTCOME_HALTED, b"")
            wall, cpu = time.monotonic_ns() - begun, time.thread_time_ns() - cpu_begun
            done = _native.Done(
                (
                    answer[0],
                    run.reason or _native.HALT_ABORTED,
                    answer[1],
                    run.output(1),
                    run.output(2),
                    wall,
                    cpu,
                    0,
                    0,
                    run.asked_calls,
                    run.messages,
                    run.iterations,
                    False,
                    None,
                    (),
                )
            )
            job.outcome = outcome_of(done, job, settings, self.id, run.served_calls)
        if interruption is not None:
            raise interruption

    def _watch(self, run: InlineRun) -> None:
        try:
            WATCH.add(run)
        except RuntimeError as error:  # a time limit that nobody sees to is none
            raise WorkerLost(f"no thread can be had to watch the time limit: {error}") from error

    def _guest_for(self, job: Job, run: InlineRun) -> Guest:
        """A new one, or the one that is kept for the next run too."""
        guest = self._guest
        if guest is None:
            guest = Guest(self._common)
            if job.settings is not None or not self._settings.pristine:
                self._guest = guest
        guest.run = run
        return guest


def _script(job: Job) -> tuple[str, dict[str, Any] | None]:
    request: Any = _native.decode(job.request if job.lent is None else job.lent)
    source, _, given, _ = request
    return source, given


def _require(settings: RunSettings) -> None:
    """Fail closed: what the settings promise and this adapter lacks is an error before anything runs."""
    level = settings.security_level
    if level not in _LEVELS:
        raise UnsupportedPlatformError(
            f"security_level={level!r} needs what adapter 'inline' lacks: hard_halt, rewind, memory_limit,"
            " crash_containment, seccomp, type_sealing and audit_policy; use adapter='subinterpreter', or STANDARD or"
            " PERMISSIVE for code that you trust; capabilities('inline') has the details"
        )
    if settings.cpu_limit is not None:
        raise UnsupportedPlatformError(
            "cpu_limit needs a hard halt, which adapter 'inline' lacks; use adapter='subinterpreter' or leave it out"
        )
    limit = settings.pool.memory_limit_per_worker
    unasked = {
        SecurityLevel(level).pool_config.memory_limit_per_worker,
        WorkerPoolConfig().memory_limit_per_worker,
    }
    if limit not in unasked:
        raise UnsupportedPlatformError(
            f"memory_limit_per_worker={limit} cannot be enforced by adapter 'inline', where a script's memory is the"
            " host's; use adapter='subinterpreter' or leave it at the preset of the security level"
        )
