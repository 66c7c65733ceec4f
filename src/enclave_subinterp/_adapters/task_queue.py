"""The run queue that the workers of one executor share; see run_queue.c."""

from __future__ import annotations

import math
from collections.abc import Buffer, Sequence
from typing import TYPE_CHECKING, Final, final

from .. import _native
from . import Abort, Job
from .outcome import aborted_outcome, halt_number
from .task import Task

if TYPE_CHECKING:
    from .tasks import TaskWorker

__all__ = ["TaskQueue"]

# Tasks that take less are handed over before their turn, as many for each worker as make up that time.
_SHORT_NS: Final = 1e6
_AHEAD_NS: Final = 4e6
_MOST_AHEAD: Final = 512


@final
class TaskQueue:
    """Tasks that any of some workers may begin; they are added under the pool's lock."""

    __slots__ = ("_mean", "_tasks", "native", "workers")

    def __init__(self) -> None:
        self.native = _native.RunQueue()
        self.workers: set[TaskWorker] = set()  # those that take their tasks here
        self._tasks: dict[int, Task] = {}  # by their runs; until somebody hears of their end
        self._mean = math.inf  # nanoseconds that a task takes, by the last ones

    def depth(self) -> int:
        """How many tasks make up some milliseconds."""
        return int(min(_AHEAD_NS / self._mean, _MOST_AHEAD)) if self._mean < _SHORT_NS else 0

    def accepts(self, job: Job) -> bool:
        """Whether the task is wanted, and tells nobody how far it has come."""
        assert isinstance(job, Task)
        if job.on_progress is not None or job.abort is not None:
            return False
        if not job.wanted():
            job.outcome = aborted_outcome(Abort.KILLED)
            return False
        return True

    def add(self, jobs: Sequence[Job]) -> None:
        """Hand tasks over; those of an exception that are not `started` were not."""
        wishes: list[tuple[int, bytes, float, int, Sequence[Buffer] | None]] = []
        handed_over: list[None] = []
        ids = range(0)
        try:
            first = self.native.reserve(len(jobs))
            ids = range(first, first + len(jobs))
            for run_id, job in zip(ids, jobs, strict=True):
                assert isinstance(job, Task)
                self._tasks[run_id] = job
                job.run_id = run_id
                job.started = True
                timeout = 0.0 if job.timeout == math.inf else job.timeout
                wishes.append((run_id, job.request, timeout, job.memory_limit, job.buffers))
            # In one step: no signal's handler raises between the call and its mark.
            handed_over.extend(map(self.native.add, (wishes,)))
        except BaseException:
            if not handed_over:
                for run_id in ids:
                    if run_id in self._tasks:
                        self._forget(run_id)
            raise

    def withdraw(self, job: Job | None = None) -> set[Job]:
        """Take back one task, or all, if they have not begun."""
        back: set[Job] = set()
        if job is None or job.run_id:
            back.update(map(self._forget, self.native.withdraw(0 if job is None else job.run_id)))
        return back

    def _forget(self, run_id: int) -> Task:
        """A task that will not run, after all."""
        task = self._tasks.pop(run_id)
        task.put_off()
        task.run_id = 0
        task.started = False
        return task

    def abort(self, job: Job, reason: Abort) -> bool:
        """End a task, whoever has it."""
        if job.outcome is not None:
            return False
        if job.abort is None:
            job.abort = reason
        number = halt_number(reason)
        return self.native.halt(job.run_id, number) or any(
            worker.halt(job.run_id, number) for worker in list(self.workers)
        )

    def take(self, run_id: int) -> Task | None:
        """The task whose end was heard of; None if it is none of these."""
        task = self._tasks.pop(run_id, None)
        if task is not None:
            task.buffers = None
        return task

    def learn(self, wall_ns: int) -> None:
        """A task took that long."""
        self._mean = wall_ns if self._mean == math.inf else self._mean + (wall_ns - self._mean) / 4
