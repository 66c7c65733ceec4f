"""The waiting scripts: bounded, first in first out, each with a deadline.  Every method wants the pool's lock held."""

from __future__ import annotations

import contextlib
from collections import deque

from ..config import WorkerPoolConfig
from ..errors import QueueFullError, QueueTimeoutError
from .clock import Clock
from .ticket import Ticket

__all__ = ["WaitingQueue"]


class WaitingQueue:
    """Blocking callers and submitted scripts in one line."""

    __slots__ = ("_clock", "_config", "_tickets")

    def __init__(self, config: WorkerPoolConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._tickets: deque[Ticket] = deque()

    def __len__(self) -> int:
        return len(self._tickets)

    def append(self, ticket: Ticket, workers: int) -> None:
        """Put the ticket at the end and set its deadline; QueueFullError if there is no place."""
        depth = len(self._tickets)
        config = self._config
        if depth >= config.max_queue_size:
            raise QueueFullError(
                f"all {workers} workers are busy and {depth} scripts wait; max_queue_size is {config.max_queue_size}",
                queue_depth=depth,
                max_queue_size=config.max_queue_size,
            )
        ticket.came = self._clock.now()
        ticket.deadline = ticket.came + config.queue_timeout
        ticket.queued = True
        self._tickets.append(ticket)

    def put_back(self, ticket: Ticket) -> None:
        """Put a ticket that was taken out before its turn, or never had to wait, to the head."""
        if not ticket.came:
            ticket.came = self._clock.now()
            ticket.deadline = ticket.came + self._config.queue_timeout
        ticket.queued = True
        self._tickets.appendleft(ticket)

    def head(self) -> Ticket | None:
        """The first that has no worker yet; it is to be given one and then removed."""
        tickets = self._tickets
        while tickets and tickets[0].worker is not None:  # KeyboardInterrupt struck before it was removed
            tickets.popleft().queued = False
        return tickets[0] if tickets else None

    def remove(self, ticket: Ticket) -> bool:
        """Take the ticket out, wherever it stands; False if it is not here."""
        if not ticket.queued:
            return False
        ticket.queued = False
        with contextlib.suppress(ValueError):  # KeyboardInterrupt struck before it was put in
            self._tickets.remove(ticket)
        return True

    def submitted(self) -> list[Ticket]:
        """The submitted scripts among them."""
        return [ticket for ticket in self._tickets if ticket.gate is None]

    def drain(self, submitted_only: bool = False) -> list[Ticket]:
        """Take out all tickets, or all submitted ones."""
        taken = [ticket for ticket in self._tickets if ticket.gate is None or not submitted_only]
        for ticket in taken:
            self.remove(ticket)
        return taken

    def take_expired(self, now: float) -> list[Ticket]:
        """Take out the submitted scripts whose time is over, with their failure; blocking callers see to theirs."""
        expired = []
        for (
            ticket
        ) in self._tickets:  # all may wait equally long, so they stand in the order of their deadlines
            if ticket.deadline > now:
                break
            if ticket.gate is None:
                expired.append(ticket)
        for ticket in expired:
            ticket.failure = self.late(ticket)
            self.remove(ticket)
        return expired

    def next_deadline(self) -> float | None:
        """When the first submitted script expires (seconds of the clock); None if none waits."""
        return next((ticket.deadline for ticket in self._tickets if ticket.gate is None), None)

    def late(self, ticket: Ticket) -> QueueTimeoutError:
        """The error for a ticket whose time is over."""
        waited = self._clock.now() - ticket.came
        config = self._config
        return QueueTimeoutError(
            f"no worker became free within {waited:.2f} s (queue_timeout is {config.queue_timeout:g} s, max_workers"
            f" {config.max_workers})",
            waited=waited,
            queue_timeout=config.queue_timeout,
        )
