"""The adapter of `EnclaveExecutor`: slots for trusted functions.

A worker's first task finds it bare: what site-packages want to be run, the host's main module, if the task refers to
it, and the initializer come first, and then the checkpoint that a halt goes back to.  The thread that serves the task
waits on the slot itself; it passes on what the task prints, its progress, and its wishes for extension modules.
"""

from __future__ import annotations

import contextlib
import math
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, final

from .. import _native
from .._log import Log
from ..errors import WorkerStartupError
from ..result import ErrorCode, ErrorInfo, RunResult
from . import Abort, Job, JobQueue, Outcome, RunSettings, WorkerLost
from .outcome import aborted_outcome, lost_outcome
from .runtime import runtime
from .slot_worker import SlotWorker, require_platform, worker_ids
from .streams import StreamDecoders
from .task import Task, abort_error
from .task_imports import approve, prepare_host, wants_site
from .task_messages import EMPTY, EXIT, FIRST, MAIN, PROGRESS, SITE, main_module
from .task_outcome import task_outcome
from .task_queue import TaskQueue

__all__ = ["TaskAdapter", "TaskWorker"]

_log = Log("enclave_subinterp.worker")

_EVENT_DONE: Final = _native.EVENT_DONE
_EVENT_OUTPUT: Final = _native.EVENT_OUTPUT

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
        self.queue = TaskQueue()
        self.initializer = initializer
        self.broken = broken
        self._keeps_state = keeps_state
        folder = str(Path(__file__).parent.parent)
        self._steps = f"_install_package({folder!r}, {homes!r}, dumps)"

    @property
    def keeps_state(self) -> bool:
        """Whether workers are replaced that hold on to most of their memory limit."""
        return self._keeps_state

    def make_queue(self) -> TaskQueue:
        """Workers that are free take the next task themselves."""
        return self.queue

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

    __slots__ = (
        "_adapter",
        "_decoders",
        "_fall_back",
        "_preparing",
        "_queue",
        "_ready",
        "_settings",
        "_status",
    )

    def __init__(self, slot: _native.Slot, worker_id: int, adapter: TaskAdapter) -> None:
        super().__init__(slot, worker_id, adapter.settings.pool)
        self._adapter = adapter
        self._settings = adapter.settings
        self._fall_back = 0
        self._ready = False
        self._preparing: Job | None = None
        self._queue = adapter.queue
        # Of the task that is under way: what it has printed in part, and what it gave to os._exit().
        self._decoders: StreamDecoders | None = None
        self._status: int | None = None

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

    # -- tasks out of the queue; see `QueueWorker` ---------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """A task is under way, or about to begin."""
        return self._slot.busy

    def join(self, queue: JobQueue, most: int) -> None:
        """Take tasks from the executor's queue."""
        assert queue is self._queue
        try:
            self._slot.join(self._queue.native, min(most, sys.maxsize), fall_back=self._fall_back)
        except _native.NativeError as error:
            self.lost = True
            raise WorkerLost(str(error)) from error
        self._queue.workers.add(self)

    def follow(self, seconds: float | None) -> Job | None:
        """Wait for the end of the next task."""
        next_event = self._slot.next_event
        try:
            while True:
                event = next_event(seconds)
                if event is None:
                    return None
                done = self._hear(event, None)
                if done is not None and (task := self._queue.take(event[1])) is not None:
                    break
        except _native.NativeError as error:
            self.lost = True
            task = self._queue.take(self._slot.run_id)
            if task is not None:
                task.outcome = lost_outcome(task, self.id, str(error))
            return task
        self.executions += 1
        self._queue.learn(done.wall_ns)
        try:
            self._settle(task, done)
        except BaseException as error:  # noqa: BLE001 - SystemExit out of the host's sys.stdout is not the driver's end
            _log.warning("a task was ended by %s out of a callback", type(error).__name__)
            task.outcome = aborted_outcome(Abort.INTERRUPTED)
            self.lost = True
        return task

    def leave(self) -> bool:
        """Take no more."""
        free = self._slot.leave()
        if free:  # else what is under way may be halted still
            self._queue.workers.discard(self)
        return free

    def nudge(self) -> None:
        """Have `follow` return."""
        self._slot.nudge()

    def halt(self, run_id: int, number: int) -> bool:
        """Halt that run, if it is under way here."""
        return self._slot.halt(run_id, number)

    def give_up(self) -> list[Job]:
        """Leave, and be lost: what it does is unknown."""
        self.lost = True
        slot = self._slot
        slot.leave()
        self._queue.workers.discard(self)
        ids = [slot.run_id]  # first: what is over by then has told its end, and no other begins
        slot.halt(ids[0], _native.HALT_ABORTED)
        with contextlib.suppress(_native.NativeError):
            while (event := slot.next_event(0.0)) is not None:
                if event[0] == _EVENT_DONE:
                    ids.append(event[1])
        tasks = [task for run_id in ids if (task := self._queue.take(run_id)) is not None]
        for task in tasks:
            task.outcome = aborted_outcome(Abort.INTERRUPTED)
        return list(tasks)

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
            self._listen(first)
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
        self._listen(job)

    def _listen(self, job: Job) -> None:
        """Take the run's events until it is done."""
        assert isinstance(job, Task)
        next_event = self._slot.next_event
        self._decoders = self._status = None
        try:
            while True:
                event = next_event()
                done = None if event is None else self._hear(event, job)
                if done is not None and event is not None and event[1] == job.run_id:
                    break
        except _native.NativeError as error:
            self.lost = True
            job.outcome = lost_outcome(job, self.id, str(error))
            return
        finally:
            job.buffers = None
        self._settle(job, done)

    def _hear(self, event: _native.Event, job: Task | None) -> _native.Done | None:
        """Take in one event; `job` is for what it reports.  The run's end, if it is that."""
        kind, number, first, second, _ = event
        if kind == _EVENT_DONE:
            assert isinstance(first, _native.Done)
            return first
        if kind != _EVENT_OUTPUT:
            assert isinstance(second, bytes)
            self._serve(number, second)
        elif number == PROGRESS:
            if job is not None:
                self._tell_progress(job, first)
        else:
            assert isinstance(first, bytes)
            if number == EXIT:
                self._status = int(first)
            else:
                if self._decoders is None:
                    self._decoders = StreamDecoders(self._settings)
                self._decoders.feed(number, first)
        return None

    def _settle(self, job: Task, done: _native.Done) -> None:
        """The task has ended."""
        decoders, job.status = self._decoders, self._status
        self._decoders = self._status = None
        if decoders is not None:
            decoders.finish()
        job.outcome = self._outcome(done, job)
        if done.replace:
            self.lost = True
        self.see_crash(done, job.outcome.result)

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
