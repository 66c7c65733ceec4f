"""What an executor asks of its pool about tickets that wait for a driver."""

from __future__ import annotations

from .pool import Pool
from .ticket import Ticket

__all__ = ["waiting", "withdraw"]


def withdraw(pool: Pool, ticket: Ticket) -> bool:
    """Take a submitted ticket out of the queue; False if it does not wait there any more."""
    pool.check_owner("cancel")
    return pool.leave_queue(ticket)


def waiting(pool: Pool) -> list[Ticket]:
    """The submitted tickets that wait, in their order."""
    pool.check_owner("shutdown")
    with pool.lock:
        return pool.queue.submitted()
