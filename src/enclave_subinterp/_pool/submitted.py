"""What an executor asks of its pool about tickets that wait for a driver."""

from __future__ import annotations

from .pool import Pool
from .ticket import Ticket

__all__ = ["waiting", "withdraw"]


def withdraw(pool: Pool, ticket: Ticket) -> bool:
    """Take a submitted ticket out of queue and line; False if it has begun, or is about to."""
    pool.check_owner("cancel")
    return pool.leave_queue(ticket)


def waiting(pool: Pool) -> list[Ticket]:
    """The submitted tickets that may not have begun, in their order."""
    pool.check_owner("shutdown")
    with pool.lock:
        handed = [] if pool.line is None else list(pool.line.tickets.values())
        return handed + pool.queue.submitted()
