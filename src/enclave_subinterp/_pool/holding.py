"""A worker held for many jobs: what a session has instead of the pool's one worker for one job.

The worker counts as busy from `take` to `give_back`.  Between two jobs its ticket *rests*: a close of the pool does not
wait for it and ends the worker under it.

Lock: the pool's, taken for the bookkeeping only.  At most one thread at a time is in `run` or `give_back`; the session
sees to that.
"""

from __future__ import annotations

import contextlib
import math
import threading
import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from .._adapters import Job, LoopWorker, Worker, WorkerLost
from ..errors import PoolClosedError
from ..result import RecycleReason
from .closing import State
from .ticket import Ticket

if TYPE_CHECKING:
    from .pool import Pool
    from .upkeep import Visit

__all__ = ["Hold", "resting_ticket", "take"]


def resting_ticket() -> Ticket:
    """The ticket of a session that has no worker yet."""
    ticket = Ticket(Job(b"", math.inf))
    ticket.resting = True
    return ticket


def take(pool: Pool) -> Hold:
    """Wait for a worker, as a script would, and hold it in the state of a new one.

    Raises:
        PoolClosedError, QueueFullError, QueueTimeoutError, WorkerStartupError: there is none to be had.
    """
    ticket = resting_ticket()
    pool.take(ticket)
    return Hold(pool, ticket)


class Hold:
    """A worker and the ticket that holds it."""

    __slots__ = ("_blank", "_pool", "_ticket", "worker")

    def __init__(self, pool: Pool, ticket: Ticket) -> None:
        assert ticket.worker is not None
        self.worker: Worker = ticket.worker
        self._pool = pool
        self._ticket = ticket
        self._blank = ticket.job

    @property
    def pool_closed(self) -> bool:
        """Whether the pool was closed, and the worker ended with it."""
        return self._pool.closed

    @property
    def interrupting_pool(self) -> bool:
        """Whether this is a finalizer that broke into the pool's own work."""
        return bool(self._pool.is_owned())

    def check_pool(self) -> None:
        """PoolClosedError if the pool was closed."""
        if self._pool.closed:
            raise PoolClosedError("the enclave was closed, and its sessions with it; make a new one")

    def visit(self, when: float, visit: Visit) -> None:
        """Have the session looked at; see `Upkeep.visit`."""
        self._pool.upkeep.visit(when, weakref.WeakMethod(visit))

    def begin(self, job: Job) -> None:
        """The worker is about to serve this job, on this thread; PoolClosedError if it was or is being ended."""
        pool, ticket = self._pool, self._ticket
        with pool.lock:
            self.check_pool()
            ticket.job = job
            ticket.thread = threading.get_ident()
            ticket.resting = False

    def end(self, job: Job) -> None:
        """The job has ended or could not begin."""
        pool, ticket = self._pool, self._ticket
        reason: RecycleReason | None = None
        with pool.lock:
            if job.started:
                if job.outcome is None:
                    pool.counters.count_lost()
                    reason = RecycleReason.ABORTED
                else:
                    pool.counters.count(job.outcome)
                    reason = job.outcome.recycle
            if pool.state in {State.HALTING, State.CLOSED}:  # close() counts and tells of every worker
                reason = None
                pool.staff.busy.pop(self.worker, None)
            pool.counters.recycles += reason is not None
            ticket.job = self._blank
            ticket.resting = True
            pool.ended.notify_all()
        if reason is not None:
            pool.tell(reason, self.worker)

    def run(self, job: Job) -> None:
        """Serve a job on the calling thread; `WorkerLost` and interruptions as in `Worker.run`."""
        self.begin(job)
        try:
            self.worker.run(job)
        finally:
            self.end(job)

    async def run_on_loop(self, job: Job) -> None:
        """`run` for the running event loop."""
        self.begin(job)
        try:
            await cast(LoopWorker, self.worker).run_on_loop(job)
        finally:
            self.end(job)

    def give_back(self, checkpoints: Iterable[int]) -> None:
        """Let the pool have the worker, in the state of a new one and without those checkpoints."""
        pool, worker = self._pool, self.worker
        reason: RecycleReason | None = None
        with contextlib.suppress(WorkerLost):  # then the pool replaces it
            if not worker.lost:
                for checkpoint in checkpoints:
                    worker.forget(checkpoint)
                worker.restore(0)
        with pool.lock:
            if pool.state is State.OPEN and not worker.lost and pool.executions_left(worker) <= 0:
                reason = RecycleReason.MAX_EXECUTIONS
                pool.counters.recycles += 1
        pool.give_back(self._ticket)
        if reason is not None:
            pool.tell(reason, self.worker)
