"""The adapter of `EnclaveExecutor`: slots for trusted functions.

A worker's first task finds it bare: what site-packages want to be run, the host's main module, if the task refers to
it, and the initializer come first, and then the checkpoint that a halt goes back to.  The thread that serves the task
waits on the slot itself; it passes on what the task prints, its progress, and its wishes for extension modules.
"""

from __future__ import annotations

import logging
import math
import pickle
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, final

from .. import _native
from ..errors import WorkerStartupError
from ..result import ErrorCode, ErrorInfo, RunResult
from . import Abort, Job, Outcome, RunSettings, WorkerLost
from .outcome import aborted_outcome, lost_outcome
from .runtime import runtime
from .slot_worker import SlotWorker, require_platform, worker_ids
from .streams import StreamDecoders
from .task import Task, abort_error
from .task_imports import approve, prepare_host, wants_site
from .task_messages import EMPTY, EXIT, FIRST, MAIN, PROGRESS, SITE, main_module
from .task_outcome import task_outcome

__all__ = ["TaskAdapter", "TaskWorker"]

_log = logging.getLogger("enclave_subinterp.worker")

_EVENT_DONE: Final = _native.EVENT_DONE
_EVENT_OUTPUT: Final = _native.EVENT_OUTPUT

# Tasks that take less are handed over ahead, as many as make up that time.
_SHORT_NS: Final = 1e6
_AHEAD_NS: Final = 4e6
_MOST_AHEAD: Final = 512
_PATIENCE: Final = 0.01  # seconds without a word from a task that others wait behind

TASK_MODULES: Final = (
    "guest.process",
    "guest.task_world",
    "guest.task_imports",
    "guest.task_stand_ins",
    "guest.tasks",
)


@final
class TaskAdapter:
    """Makes workers for one executor.

    Args:
        settings: of the pool, and the timeout of tasks.
        initializer: request and buffers of the call that each worker begins with.
        homes: public names of the package and the modules that they come from, for scripts that tasks import.
        broken: called with what a worker could not be made ready for; gives the error that pending tasks get.
    """

    def __init__(
        self,
        settings: RunSettings,
        initializer: tuple[bytes, list[Any] | None] | None,
        homes: dict[str, str],
        broken: Callable[[BaseException], BaseException],
        keeps_state: bool,
    ) -> None:
        needed = ["hard_halt", "memory_limit"]
        if settings.pool.on_native_crash == "contain":
            needed.append("crash_containment")
        require_platform(needed)
        prepare_host()
        self.settings = settings
        self.initializer = initializer
        self.broken = broken
        self._keeps_state = keeps_state
        folder = str(Path(__file__).parent.parent)
        self._steps = f"_install_package({folder!r}, {homes!r}, dumps)"

    @property
    def keeps_state(self) -> bool:
        """Whether workers are replaced that hold on to most of their memory limit."""
        return self._keeps_state

    @property
    def looks_ahead(self) -> bool:
        """Tasks are handed over before their turn."""
        return True

    def create_worker(self) -> TaskWorker:
        """Begin to start a slot and return at once.

        Raises:
            WorkerStartupError: its thread or memory range cannot be had.
        """
        worker_id = next(worker_ids)
        name = f"enclave-{worker_id}"
        pool = self.settings.pool
        host = (
            list(map(str, sys.path)),
            list(map(str, sys.argv)),
            (sys.prefix, sys.exec_prefix, sys.flags.no_site),
            main_module(),
            name,
        )
        try:
            slot = _native.Slot(
                bootstrap=runtime(TASK_MODULES, f"{self._steps}\n_settle(*{host!r})"),
                memory_limit=pool.memory_limit_per_worker,
                max_message_size=pool.max_message_size,
                pristine=False,
                name=name,
                trusted=True,
            )
        except (_native.NativeError, MemoryError, OSError) as error:
            raise WorkerStartupError(f"a worker could not be started: {error}") from error
        return TaskWorker(slot, worker_id, self)

    def aborted(self, reason: Abort) -> Outcome:
        """The outcome of a task that was ended before it began."""
        return aborted_outcome(reason)

    def close(self, timeout: float) -> bool:  # noqa: ARG002 - the protocol's
        """There is nothing beside the workers."""
        return True


@final
class TaskWorker(SlotWorker):
    """One slot for tasks."""

    __slots__ = ("_adapter", "_fall_back", "_mean", "_preparing", "_ready", "_settings")

    def __init__(self, slot: _native.Slot, worker_id: int, adapter: TaskAdapter) -> None:
        super().__init__(slot, worker_id, adapter.settings.pool)
        self._adapter = adapter
        self._settings = adapter.settings
        self._fall_back = 0
        self._ready = False
        self._preparing: Job | None = None
        self._mean = math.inf  # nanoseconds that a task takes, by the last ones

    def run(self, job: Job) -> None:
        """Serve the task on the calling thread; see `Worker.run`."""
        assert isinstance(job, Task)
        if not self._ready and job.abort is None:
            try:
                self._prepare(job)
            except _native.NativeError as error:
                self.lost = True
                raise WorkerLost(str(error)) from error
            except BaseException:
                self.lost = True
                raise
            finally:
                self._preparing = None
            if not self._ready:
                return
        if not job.wanted():
            job.outcome = aborted_outcome(Abort.KILLED)
            return
        super().run(job)

    # -- tasks before their turn; see `AheadWorker` -------------------------------------------------------------------

    def depth(self) -> int:
        """How many tasks make up some milliseconds."""
        return int(min(_AHEAD_NS / self._mean, _MOST_AHEAD)) if self._mean < _SHORT_NS else 0

    def accepts(self, job: Job) -> bool:
        """Whether the task is wanted and has nothing lent to it."""
        assert isinstance(job, Task)
        if job.buffers is not None or job.abort is not None:
            return False
        if not job.wanted():
            job.outcome = aborted_outcome(Abort.KILLED)
            return False
        return True

    def hand_ahead(self, jobs: Sequence[Job]) -> bool:
        """Hand the tasks over; False if the slot has ended."""
        wishes = []
        for job in jobs:
            assert isinstance(job, Task)
            wishes.append((job.request, 0.0 if job.timeout == math.inf else job.timeout, job.memory_limit))
        try:
            ids = self._slot.start_ahead(wishes, fall_back=self._fall_back)
        except _native.NativeError:
            for job in jobs:
                assert isinstance(job, Task)
                job.put_off()
            return False
        for job, job.run_id in zip(jobs, ids, strict=True):
            job.started = True
        return True

    def follow(self, job: Job, late: Callable[[], object] | None) -> None:
        """Wait for the task's end."""
        self.executions += 1
        try:
            self._listen(job, job.run_id, late)
        except BaseException:
            self._abandon(job)
            raise

    def recall(self, jobs: Sequence[Job]) -> set[Job]:
        """Take back what has not begun."""
        # None but these: the one before them may not have begun either, while the slot is still rewinding.
        back = set(self._slot.withdraw(jobs[0].run_id, len(jobs) > 1)) if jobs else set()
        taken = {job for job in jobs if job.run_id in back}
        for job in taken:
            assert isinstance(job, Task)
            job.put_off()
            job.run_id = 0
            job.started = False
        return taken

    def give_up(self) -> None:
        """What it does is unknown."""
        self.lost = True

    # -- the protocol of `Worker` --------------------------------------------------------------------------------------

    def abort(self, job: Job, reason: Abort) -> bool:
        """End the task; see `Worker.abort`."""
        return super().abort(job, reason) or (self._preparing is job and job.outcome is None)

    def _prepare(self, job: Task) -> None:
        """Bring the worker into the state that tasks begin with; else it is lost, and the task has its outcome."""
        adapter = self._adapter
        more = (SITE if wants_site() else 0) | (job.request[-1] & MAIN)
        request, buffers = adapter.initializer or (bytes((EMPTY,)), None)
        if more or adapter.initializer is not None:
            tolerant = 0 if request[-1] & MAIN else FIRST
            first = Task(
                request[:-1] + bytes((request[-1] | more | tolerant,)),
                buffers,
                math.inf,
                lambda: True,
                lambda: None,
            )
            self._preparing = job
            job.run_id = first.run_id = self._hand_over(first)
            if job.abort_asked() is not None:
                self._slot.halt(job.run_id, _native.HALT_ABORTED)
            self._listen(first, first.run_id, None)
            job.run_id = 0
            assert first.outcome is not None
            if not first.outcome.result.success:
                self.lost = True
                if job.abort is not None:
                    job.outcome = aborted_outcome(job.abort)
                    return
                error = first.error
                if error is None:
                    assert first.outcome.result.error is not None
                    error = abort_error(first.outcome.result.error)
                job.error = adapter.broken(error)
                info = ErrorInfo(type(job.error).__name__, str(job.error), ErrorCode.EXECUTION_ERROR)
                job.outcome = Outcome(RunResult(False, None, info))
                return
            self._fall_back = self._slot.checkpoint()
        self._ready = True

    # -- a run -------------------------------------------------------------------------------------------------------

    def _hand_over(self, job: Job) -> int:
        assert isinstance(job, Task)
        return self._slot.start(
            job.request,
            timeout=0.0 if job.timeout == math.inf else job.timeout,
            keep=True,
            fall_back=self._fall_back,
            memory_limit=job.memory_limit,
            buffers=job.buffers,
        )

    def _outcome(self, done: _native.Done, job: Job) -> Outcome:
        assert isinstance(job, Task)
        outcome, job.error = task_outcome(done, job, self._settings, self.id, job.memory_limit, job.status)
        return outcome

    def _converse(self, job: Job, run_id: int, begun: int) -> None:  # noqa: ARG002 - the base's
        self._listen(job, run_id, None)

    def _listen(self, job: Job, run_id: int, late: Callable[[], object] | None) -> None:
        """Take the run's events until it is done; `late` is called after a while without any."""
        assert isinstance(job, Task)
        slot = self._slot
        decoders: StreamDecoders | None = None
        patience = None if late is None else _PATIENCE
        try:
            while True:
                event = slot.next_event(patience)
                if event is None:
                    if late is not None:
                        late()
                        late = patience = None
                    continue
                kind, number, first, second, _ = event
                if kind == _EVENT_DONE:
                    if number == run_id:
                        break
                elif kind != _EVENT_OUTPUT:
                    assert isinstance(second, bytes)
                    self._serve(number, second)
                elif number == PROGRESS:
                    self._tell_progress(job, first)
                elif number == EXIT:
                    assert isinstance(first, bytes)
                    job.status = int(first)
                else:
                    assert isinstance(first, bytes)
                    if decoders is None:
                        decoders = StreamDecoders(self._settings)
                    decoders.feed(number, first)
        except _native.NativeError as error:
            self.lost = True
            job.outcome = lost_outcome(job, self.id, str(error))
            return
        finally:
            job.buffers = None
        assert isinstance(first, _native.Done)
        wall = first.wall_ns
        self._mean = wall if self._mean == math.inf else self._mean + (wall - self._mean) / 4
        if decoders is not None:
            decoders.finish()
        job.outcome = self._outcome(first, job)
        if first.replace:
            self.lost = True
        self.see_crash(first, job.outcome.result)

    def _serve(self, call_id: int, arguments: bytes) -> None:
        """Answer a task's wish for an extension module, or for the output to be flushed."""
        wish: Any = _native.decode(arguments)
        answer: object = None
        if isinstance(wish, str):
            _flush(wish)
        else:
            answer = approve(*wish)
        self._slot.reply(call_id, True, _native.encode(answer))

    def _tell_progress(self, job: Task, data: Any) -> None:
        if job.on_progress is None or job.abort is not None:
            return
        try:
            job.on_progress(pickle.loads(data))
        except Exception:  # noqa: BLE001 - the program's callback must not end its task
            _log.exception("on_progress raised; the task goes on")


def _flush(name: str) -> None:
    stream = sys.stdout if name == "<stdout>" else sys.stderr
    if stream is not None:
        try:
            stream.flush()
        except Exception:  # noqa: BLE001 - closed, or a stream of the program's own
            _log.debug("the host's %s cannot be flushed", name, exc_info=True)
