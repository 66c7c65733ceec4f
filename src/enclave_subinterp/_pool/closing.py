"""The end of a pool: on request, at the exit of the process, and in the child of a fork.

Gracefully first: what runs and waits may go on for the grace time.  Then whatever still waits is refused, whatever runs
is halted, and every worker is ended by the closing thread itself, which therefore depends on no other thread's
progress: one that sits in a tool handler finds its run ended when it comes back.
"""

from __future__ import annotations

import threading
import time
from enum import Enum
from typing import TYPE_CHECKING

from .._adapters import Abort, Job
from .._log import Log
from ..errors import PoolClosedError
from ..result import ErrorCode, RecycleReason

if TYPE_CHECKING:
    from .pool import Pool

__all__ = ["State", "check_begun", "close", "closed_before_it_began", "end_drivers"]

_log = Log("enclave_subinterp.pool")

DRIVER_SECONDS = 2.0  # for the drivers' end, once nothing runs any more
MAKING_SECONDS = 5.0  # for other threads that are just making a worker


class State(Enum):
    """A pool's life."""

    OPEN = 0
    CLOSING = 1  # no new scripts; those that run and wait go on
    HALTING = 2  # what runs is being halted
    CLOSED = 3


def close(pool: Pool, deadline: float) -> None:
    """Close the pool, gracefully until `deadline` (monotonic seconds); waits for a close that is under way."""
    me = threading.get_ident()
    staff = pool.staff
    with pool.lock:
        if pool.state is not State.OPEN:
            if pool.closer == me:  # a callback of the close itself
                return
            while pool.state is not State.CLOSED:
                pool.ended.wait()
            return
        pool.state = State.CLOSING
        pool.closer = me
        if pool.line is not None:
            pool.line.nudge_locked()
    interruption: BaseException | None = None
    try:
        with pool.lock:
            # What this very thread is serving (we are inside a tool handler or a signal handler) cannot end before us.
            while (
                len(pool.queue)
                or staff.starting
                or any(held.thread != me and not held.resting for held in staff.busy.values())
            ):
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                pool.ended.wait(min(left, threading.TIMEOUT_MAX))
    except BaseException as error:  # noqa: BLE001 - a second Ctrl-C ends the grace, not the close
        interruption = error
    with pool.lock:
        pool.state = State.HALTING
        if pool.line is not None:
            pool.line.end_locked(Abort.CLOSED)
        for ticket in pool.queue.drain():
            pool.refuse_locked(ticket, closed_before_it_began())
        held = list(staff.busy.items())
    for worker, ticket in held:
        worker.abort(ticket.job, Abort.CLOSED)
    interruption = _end_workers(pool) or interruption
    interruption = _end_spares(pool) or interruption
    pool.drivers.relieve()  # who tells of what was refused
    with pool.lock:
        pool.upkeep.stop_locked()
        pool.drivers.stop_locked()
    deadline = time.monotonic() + DRIVER_SECONDS
    if not pool.upkeep.join(deadline) or not pool.drivers.join(deadline):
        _log.warning(
            "the enclave was closed while a callback or tool handler still runs; its thread ends with it"
        )
    if not pool.close_adapter(DRIVER_SECONDS):
        _log.warning("the enclave was closed while a tool call still runs; its thread ends with it")
    with pool.lock:
        pool.state = State.CLOSED
        pool.ended.notify_all()
    if interruption is not None:
        raise interruption


def closed_before_it_began() -> PoolClosedError:
    """The error for a script that the close was quicker than."""
    return PoolClosedError("the enclave was closed before the script could begin")


def check_begun(job: Job) -> None:
    """PoolClosedError if the close came between a script's worker and its beginning: it was kept from running.

    What its worker could not be made ready for is the job's outcome nevertheless.
    """
    ended = job.outcome is None or (
        job.outcome.result.error is not None and job.outcome.result.error.code is ErrorCode.ABORTED
    )
    if job.abort is Abort.CLOSED and not job.started and ended:
        job.outcome = None
        raise closed_before_it_began()


def _end_workers(pool: Pool) -> BaseException | None:
    """End every worker, those included that other threads are just making; the interruption that came, if one did."""
    staff = pool.staff
    interruption: BaseException | None = None
    deadline = time.monotonic() + MAKING_SECONDS
    while True:
        with pool.lock:
            while not staff.workers and staff.starting and (left := deadline - time.monotonic()) > 0:
                pool.ended.wait(left)
            if not staff.workers:
                return interruption
            worker = next(iter(staff.workers))
            staff.workers.pop(worker)
            staff.idle.pop(worker, None)
            held = staff.busy.get(worker)
            if held is not None and held.resting:  # a session that nobody has closed yet
                del staff.busy[worker]
        try:
            staff.end(worker)
            with pool.lock:
                pool.counters.recycles += 1
            pool.tell(RecycleReason.SHUTDOWN, worker)
        except BaseException as error:  # noqa: BLE001 - Ctrl-C must not leave the other workers behind
            interruption = error


def _end_spares(pool: Pool) -> BaseException | None:
    """End the spare workers, of which nobody need be told; the interruption that came, if one did."""
    staff = pool.staff
    interruption: BaseException | None = None
    while True:
        with pool.lock:
            worker = staff.take_spare_locked()
        if worker is None:
            return interruption
        try:
            staff.end(worker)
        except BaseException as error:  # noqa: BLE001 - as above
            interruption = error


def end_drivers(pool: Pool, deadline: float) -> None:
    """End what was submitted, gracefully until `deadline`, the drivers and the upkeep; `run` goes on to work."""
    staff = pool.staff
    line = pool.line
    with pool.lock:
        pool.submits = False
        if line is not None:
            line.nudge_locked()
        while (
            staff.starting
            or (line is not None and line.stretches)
            or pool.queue.next_deadline() is not None
            or any(ticket.handle is not None for ticket in staff.busy.values())
        ):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            pool.ended.wait(min(left, threading.TIMEOUT_MAX))
        if line is not None:
            line.end_locked(Abort.CLOSED)
        refused = pool.queue.drain(submitted_only=True)
        for ticket in refused:
            pool.refuse_locked(ticket, PoolClosedError("the process exited before the script could begin"))
        held = [(worker, ticket) for worker, ticket in staff.busy.items() if ticket.handle is not None]
    for worker, ticket in held:
        worker.abort(ticket.job, Abort.CLOSED)
    pool.drivers.relieve()
    with pool.lock:
        pool.upkeep.stop_locked()
        pool.drivers.stop_locked()
    deadline = time.monotonic() + DRIVER_SECONDS
    pool.upkeep.join(deadline)
    pool.drivers.join(deadline)
