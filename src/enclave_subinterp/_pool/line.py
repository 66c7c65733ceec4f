"""The line: submitted jobs that were handed to the adapter's run queue, and the workers that take them there.

A worker whose driver has no other job for it stays in the line for a while, and takes what is added by itself; so a job
goes from its caller to a worker without a thread in between.  While jobs are over quickly, more of them are handed over
before their turn, so that no worker waits for the host.  They begin in the order of their coming whoever takes them.
One that takes long sends those that have not begun back to the head of the pool's queue, where one sees them wait.

Lock: the pool's.  Methods that end in ``_locked`` want it held, the others want it free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from .._adapters import Abort, JobQueue, QueueWorker, Worker, WorkerLost
from .closing import State, closed_before_it_began
from .stretch import Stretch
from .ticket import Ticket

if TYPE_CHECKING:
    from .._adapters import Job
    from .pool import Pool

__all__ = ["Line"]

_ENDING: Final = (State.HALTING, State.CLOSED)


class Line:
    """The line of one pool."""

    __slots__ = ("_pool", "jobs", "stretches", "tickets")

    def __init__(self, pool: Pool, jobs: JobQueue) -> None:
        self._pool = pool
        self.jobs = jobs
        self.tickets: dict[Job, Ticket] = {}  # handed over, until their driver has heard of their end
        self.stretches: set[Stretch] = set()  # of the workers in it, those included that are leaving

    # -- workers ------------------------------------------------------------------------------------------------------

    def keep(self, ticket: Ticket) -> Stretch | None:
        """Have the worker of a ticket that was served come into the line; None if it is to be released instead."""
        pool = self._pool
        worker = cast("QueueWorker | None", ticket.worker)
        with pool.lock:
            if worker is None or pool.staff.busy.get(worker) is not ticket or ticket.job.outcome is None:
                return None
            if not self.fit_locked(worker) or not (self.wanted_locked() or len(pool.queue)):
                return None
            try:
                worker.join(self.jobs, pool.executions_left(worker))
            except WorkerLost:
                return None
            reason, _ = pool.count_locked(worker, ticket.job)
            ticket.worker = None
            stretch = Stretch(pool, self, worker, reason)
            pool.staff.busy[worker] = stretch.holder
            self.stretches.add(stretch)
            self.fill_locked()
        return stretch

    def fit_locked(self, worker: Worker) -> bool:
        """Whether the worker can serve another job."""
        pool = self._pool
        return (
            not worker.lost
            and pool.executions_left(worker) > 0
            and not pool.upkeep.suspects_locked(worker)
            and pool.state not in _ENDING
        )

    def wanted_locked(self) -> bool:
        """Whether workers are to stay that have nothing to do."""
        return self._pool.state is State.OPEN and self._pool.submits

    def idle_locked(self) -> int:
        """How many of its workers have nothing to do."""
        return max(0, len(self.stretches) - len(self.tickets))

    def resting_locked(self) -> list[QueueWorker]:
        """Its workers that do nothing now; some may have done what their drivers have not heard of."""
        return [stretch.worker for stretch in self.stretches if not stretch.worker.busy]

    def call_out_locked(self) -> bool:
        """Have a worker come out that has nothing to do, for a job that is none for the line; False: there is none."""
        if not self.idle_locked():
            return False
        for worker in self.resting_locked()[:1]:
            worker.nudge()
        return True

    def nudge_locked(self) -> None:
        """Have the drivers look around: the idle ones may be wanted elsewhere."""
        for stretch in self.stretches:
            stretch.worker.nudge()

    # -- jobs ---------------------------------------------------------------------------------------------------------

    def offer_locked(self, ticket: Ticket) -> bool:
        """Hand a ticket over, if it is the next one and a worker is there that has nothing to do."""
        if not self.idle_locked() or len(self._pool.queue):
            return False
        if not self._taking_locked() or not self.jobs.accepts(ticket.job):
            return False
        return self._add_locked([ticket])

    def fill_locked(self) -> None:
        """Hand over from the pool's queue what the workers can do, and as many more as are worth it."""
        head = self._pool.queue.head
        if head() is None or not (taking := self._taking_locked()):
            return
        ahead = taking * self.jobs.depth()
        room = len(self.stretches) + ahead - len(self.tickets)
        if 2 * room <= ahead:
            return
        taken: list[Ticket] = []
        while len(taken) < room and (ticket := head()) is not None and ticket.gate is None:
            accepted = self.jobs.accepts(ticket.job)
            if not accepted and ticket.job.outcome is None:
                break
            self._pool.queue.remove(ticket)
            if accepted:
                taken.append(ticket)
        if taken and not self._add_locked(taken):
            for ticket in reversed(taken):
                self._pool.queue.put_back(ticket)

    def withdraw_locked(self, ticket: Ticket) -> bool:
        """Take a ticket out for good; False if it is not in the line, or has begun."""
        if not ticket.ahead or not self.jobs.withdraw(ticket.job):
            return False
        self._strike_locked(ticket)
        return True

    def put_back_locked(self) -> None:
        """Put those that have not begun back to the head of the queue."""
        pool = self._pool
        back = self.jobs.withdraw() if self.tickets else None
        if not back:
            return
        returned = [ticket for job, ticket in self.tickets.items() if job in back]
        for ticket in returned:
            self._strike_locked(ticket)
        if pool.state in _ENDING:
            for ticket in returned:
                pool.refuse_locked(ticket, closed_before_it_began())
            return
        for ticket in reversed(returned):
            pool.queue.put_back(ticket)
        pool.upkeep.script_waits_locked(returned[0].deadline)  # it may have been planned for nobody meanwhile

    def settle_locked(self, job: Job) -> Ticket:
        """The ticket of a job that has ended."""
        ticket = self.tickets[job]
        self._strike_locked(ticket)
        return ticket

    def end_locked(self, reason: Abort) -> None:
        """Put back what has not begun, and end what runs."""
        self.put_back_locked()
        for job in self.tickets:
            self.jobs.abort(job, reason)

    def _taking_locked(self) -> int:
        return sum(not stretch.leaving for stretch in self.stretches)

    def _add_locked(self, tickets: list[Ticket]) -> bool:
        """False: there is no memory for it."""
        now = self._pool.clock.now()
        jobs = [ticket.job for ticket in tickets]
        try:
            for ticket in tickets:
                ticket.ahead = True
                if ticket.came:
                    ticket.job.queue_time = now - ticket.came
                self.tickets[ticket.job] = ticket
            self.jobs.add(jobs)
        except BaseException as error:  # KeyboardInterrupt is one, before or after
            for ticket in tickets:
                if not ticket.job.started:
                    self._strike_locked(ticket)
            if not isinstance(error, MemoryError):
                raise
            return False
        return True

    def _strike_locked(self, ticket: Ticket) -> None:
        self.tickets.pop(ticket.job, None)
        ticket.ahead = False
