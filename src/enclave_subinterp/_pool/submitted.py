"""What an executor asks of its pool about tickets that wait for a driver."""

from __future__ import annotations

from .pool import Pool
from .stretch import withdraw_locked
from .ticket import Ticket

__all__ = ["waiting", "withdraw", "withdraw_ahead"]


def withdraw(pool: Pool, ticket: Ticket) -> bool:
    """Take a submitted ticket out of the queue; False if it does not wait there any more."""
    pool.check_owner("cancel")
    return pool.leave_queue(ticket)


def withdraw_ahead(pool: Pool, ticket: Ticket) -> bool:
    """Take back a ticket that was handed over ahead; False if it was not, or has begun."""
    if not ticket.ahead:
        return False
    pool.check_owner("cancel")
    with pool.lock:
        return withdraw_locked(ticket)


def waiting(pool: Pool) -> list[Ticket]:
    """The submitted tickets that wait, those included that were handed over ahead, in their order."""
    pool.check_owner("shutdown")
    with pool.lock:
        ahead = [ticket for stretch in pool.stretches for ticket in stretch.ahead_locked()]
        return ahead + pool.queue.submitted()
