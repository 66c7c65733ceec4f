"""What a driver does while its worker takes its jobs from the line: it hears of their ends, and tells of them.

Lock: the pool's.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Final

from .._adapters import Job, QueueWorker
from .._log import Log
from ..result import RecycleReason
from .drivers import shielded
from .ticket import Ticket

if TYPE_CHECKING:
    from .line import Line
    from .pool import Pool

__all__ = ["Stretch"]

_log = Log("enclave_subinterp.pool")

PATIENCE: Final = 0.01  # seconds without a word from a job that others wait behind
LINGER: Final = 0.05  # seconds that a worker stays in the line without a job


class Stretch:
    """One worker's time in the line; `holder` is the ticket that has the worker in it."""

    __slots__ = ("_line", "_over", "_pool", "_reason", "holder", "leaving", "worker")

    def __init__(self, pool: Pool, line: Line, worker: QueueWorker, reason: RecycleReason | None) -> None:
        self._pool = pool
        self._line = line
        self._reason = reason  # of the job before, to be told
        self.worker = worker
        self.leaving = False  # it takes no more
        self._over = False  # it has left
        self.holder = Ticket(Job(b"", math.inf))
        self.holder.worker = worker
        self.holder.thread = threading.get_ident()

    def go_on(self) -> None:
        """Follow the worker until it has left the line, and release it."""
        try:
            if self._reason is not None:
                shielded(self._pool.tell, self._reason, self.worker)
            seconds: float | None = LINGER
            while not self._over:
                seconds = self._turn(self.worker.follow(seconds))
        except BaseException:  # noqa: BLE001 - SystemExit out of the host's sys.stdout is not the driver's end either
            _log.exception("worker %d is given up over an error of its driver", self.worker.id)
            self._give_up()

    def _turn(self, job: Job | None) -> float | None:
        """After the end of a job, or a wait for none: how long to wait for the next."""
        pool, line, worker = self._pool, self._line, self.worker
        done: Ticket | None = None
        reason: RecycleReason | None = None
        overfull = False
        seconds: float | None = LINGER
        with pool.lock:
            if job is not None:
                done = line.settle_locked(job)
                reason, overfull = pool.count_locked(worker, job)
            fit = not overfull and line.fit_locked(worker)
            if fit and not self.leaving:
                if job is None and worker.busy:  # what runs takes long
                    line.put_back_locked()
                    seconds = None
                else:
                    line.fill_locked()
                    if len(line.tickets) > len(line.stretches):
                        seconds = PATIENCE
            if not worker.lost and (self.leaving or not fit or self._unneeded_locked(job)):
                self._leave_locked()
                seconds = None
        if worker.lost:
            self._give_up(overfull)
        elif self._over:
            pool.release(self.holder, overfull)
        if done is not None:
            shielded(pool.finish, done)
        if reason is not None:
            shielded(pool.tell, reason, worker)
        return seconds

    def _unneeded_locked(self, job: Job | None) -> bool:
        """Whether the worker has nothing to do here, and was waited for long enough or is wanted elsewhere."""
        pool, line = self._pool, self._line
        if not line.idle_locked() or self.worker.busy:
            return False
        return job is None or pool.queue.head() is not None or not line.wanted_locked()

    def _leave_locked(self) -> None:
        """Take no more; it is over once there is nothing left to follow."""
        line = self._line
        if not self.leaving:
            self.leaving = True
            line.put_back_locked()  # this worker may go to one of them, or nobody else may be there
        if self.worker.leave():
            line.stretches.discard(self)
            self._over = True

    def _give_up(self, overfull: bool = False) -> None:
        """The worker will not serve again, or its driver has an error of its own."""
        pool, line = self._pool, self._line
        with pool.lock:
            if self._over:  # the worker is somebody else's
                return
            self._over = self.leaving = True
            line.put_back_locked()
            orphans = [line.settle_locked(job) for job in self.worker.give_up() if job in line.tickets]
            line.stretches.discard(self)
        pool.release(self.holder, overfull)
        for ticket in orphans:
            shielded(pool.finish, ticket)
