"""What an executor asks of its pool about tickets that have not begun."""

from __future__ import annotations

from .pool import Pool
from .ticket import Ticket

__all__ = ["withdraw", "withdraw_all"]


def withdraw(pool: Pool, ticket: Ticket) -> bool:
    """Take a submitted ticket out of queue and line; False if it has begun, or is about to."""
    pool.check_owner("cancel")
    return pool.leave_queue(ticket)


def withdraw_all(pool: Pool) -> list[Ticket]:
    """Take every submitted ticket out of queue and line that has not begun, in their order; none begins meanwhile."""
    pool.check_owner("shutdown")
    with pool.lock:
        if pool.line is not None:
            pool.line.put_back_locked()
        taken = pool.queue.drain(submitted_only=True)
        pool.notify_ended_locked()
    return taken
