"""A stretch of submitted jobs that one driver serves on one worker, without giving the worker back in between.

While jobs are over quickly and more of them wait, the driver hands its worker the next ones before their turn, so that
neither waits for the other.  What was handed over *ahead* begins right after the one before it; a job that takes long
sends those behind it back to the head of the queue, where one sees them wait.  Jobs begin in the order of their coming,
so this is for pools of one worker: another could begin a later job while what this one has ahead still waits.

Lock: the pool's.  Whether a ticket is ahead, and who may take it back, is settled under it.
"""

from __future__ import annotations

import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from .._adapters import Abort, AheadWorker
from .closing import State, closed_before_it_began
from .ticket import Ticket

if TYPE_CHECKING:
    from .pool import Pool

__all__ = ["Stretch", "withdraw_locked"]

_ENDING: Final = (State.HALTING, State.CLOSED)


class Stretch:
    """What one driver serves; `ticket` is the one that it is at, which holds the worker."""

    __slots__ = ("_pool", "_tickets", "ticket")

    def __init__(self, pool: Pool, ticket: Ticket) -> None:
        self._pool = pool
        self._tickets: deque[Ticket] = deque()  # ahead, in their order
        self.ticket = ticket

    def go_on(self) -> None:
        """After `ticket` was served: serve those that wait, as long as that is worth while."""
        pool = self._pool
        if not pool.looks_ahead or self.ticket.worker is None:
            return
        worker = cast(AheadWorker, self.ticket.worker)
        with pool.lock:
            pool.stretches.add(self)
        try:
            while self._next(worker):
                late = partial(self._put_off, worker) if self._tickets else None
                worker.follow(self.ticket.job, late)
        except BaseException:
            self._give_up(worker)
            raise
        finally:
            with pool.lock:
                pool.stretches.discard(self)

    def ahead_locked(self) -> list[Ticket]:
        """Those that were handed over and have not had their turn."""
        return [ticket for ticket in self._tickets if ticket.ahead]

    def _put_off(self, worker: AheadWorker) -> None:
        """What runs takes long: those behind it wait, and are to be seen waiting."""
        with self._pool.lock:
            self._recall_locked(worker)

    def _next(self, worker: AheadWorker) -> bool:
        """Settle the ticket that was served and turn to the next; False if there is none, and it keeps the worker."""
        pool = self._pool
        done = self.ticket
        outcome = done.job.outcome
        orderly = outcome is not None and outcome.recycle is None and not outcome.replace and not worker.lost
        with pool.lock:
            if orderly and not pool.upkeep.suspects_locked(worker):
                self._take_locked(worker)
            elif self._tickets:
                self._recall_locked(worker)
            while self._tickets and not self._tickets[0].ahead:  # taken back by whoever ended it
                self._tickets.popleft()
            if not self._tickets:
                return False
            reason, _ = pool.count_locked(worker, done.job)
            done.worker = None
            self.ticket = pool.staff.busy[worker] = self._tickets.popleft()
            self.ticket.ahead = False
        pool.finish(done)
        if reason is not None:
            pool.tell(reason, worker)
        return True

    def _take_locked(self, worker: AheadWorker) -> None:
        """Hand over as many as are worth it."""
        pool = self._pool
        if pool.state in _ENDING:
            return
        ahead = self._tickets
        depth = worker.depth()
        if 2 * len(ahead) > depth:
            return
        queue = pool.queue
        count = min(depth, pool.executions_left(worker)) - len(ahead)
        now = pool.clock.now()
        thread = threading.get_ident()
        taken: list[Ticket] = []
        while len(taken) < count and (ticket := queue.head()) is not None and ticket.gate is None:
            accepted = worker.accepts(ticket.job)
            if not accepted and ticket.job.outcome is None:
                break
            queue.remove(ticket)
            if accepted:
                taken.append(ticket)
        if not taken:
            return
        if not worker.hand_ahead([ticket.job for ticket in taken]):
            self._put_back_locked(taken)
            return
        for ticket in taken:
            ticket.worker = worker
            ticket.thread = thread
            ticket.ahead = True
            ticket.job.queue_time = now - ticket.came
        ahead.extend(taken)

    def _recall_locked(self, worker: AheadWorker) -> None:
        """Put those that have not begun back to the head of the queue."""
        pool = self._pool
        back = worker.recall([ticket.job for ticket in self.ahead_locked()])
        if not back:
            return
        returned = [ticket for ticket in self._tickets if ticket.job in back]
        self._tickets = deque(ticket for ticket in self._tickets if ticket.job not in back)
        for ticket in returned:
            ticket.worker = None
            ticket.ahead = False
        if pool.state in _ENDING:
            for ticket in returned:
                pool.refuse_locked(ticket, closed_before_it_began())
        else:
            self._put_back_locked(returned)

    def _put_back_locked(self, tickets: list[Ticket]) -> None:
        for ticket in reversed(tickets):
            self._pool.queue.put_back(ticket)
        self._pool.upkeep.script_waits_locked(
            tickets[0].deadline
        )  # it may have been planned for nobody meanwhile

    def _give_up(self, worker: AheadWorker) -> None:
        """After an error of the host's own: nobody follows what the worker still does."""
        pool = self._pool
        with pool.lock:
            self._recall_locked(worker)
            left = self.ahead_locked()
            for ticket in left:
                ticket.ahead = False
                ticket.worker = None
                ticket.job.outcome = pool.aborted(Abort.INTERRUPTED)
        if left:
            worker.give_up()
        for ticket in left:
            pool.finish(ticket)


def withdraw_locked(ticket: Ticket) -> bool:
    """Take back a ticket that was handed over ahead; False if it was not, or has begun."""
    if not ticket.ahead or not cast(AheadWorker, ticket.worker).recall([ticket.job]):
        return False
    ticket.ahead = False
    ticket.worker = None
    return True
