"""The pool's hand-over to an event loop: as `Pool.run`, awaited.

A script that has to wait stands in the same queue as those of blocking callers, at a gate that wakes its loop.
Everything here runs on the loop's thread; the pool's lock is held for moments only, as everywhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from .._adapters import Job, LoopWorker, WorkerLost
from ..errors import WorkerStartupError
from ..result import RunResult
from . import closing
from .holding import Hold, resting_ticket
from .ticket import Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from .pool import Pool

__all__ = ["hold_on_loop", "in_thread", "run_on_loop"]


class LoopGate:
    """What a blocking caller's lock is to a thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.opened = loop.create_future()
        self._loop = loop

    def release(self) -> None:
        """Let the waiting task go on; from any thread."""
        with contextlib.suppress(
            RuntimeError
        ):  # the loop is closed; the task gives back what it got when it is dropped
            self._loop.call_soon_threadsafe(self._open)

    def _open(self) -> None:
        if not self.opened.done():
            self.opened.set_result(None)


async def run_on_loop(pool: Pool, job: Job) -> RunResult:
    """Serve a job on the running loop and return its result; raises as `Pool.run`.

    Cancelled, it ends the job, if it runs, before CancelledError goes on.
    """
    if job.outcome is None:
        ticket = Ticket(job)
        try:
            await _serve(pool, ticket, None)
        finally:
            pool.give_back(ticket)
    assert job.outcome is not None
    return job.outcome.result


async def hold_on_loop(pool: Pool, executor: Executor) -> Hold:
    """Wait for a worker and hold it for a session; as `holding.take`."""
    ticket = resting_ticket()
    try:
        await _serve(pool, ticket, executor)
        return Hold(pool, ticket)
    except BaseException:
        pool.give_back(ticket)
        raise


async def in_thread(executor: Executor, work: Callable[..., Any], *args: Any) -> Any:
    """Have something done that takes its time; it is waited for even if the waiting task is cancelled.

    Where no thread can be had it is done here, and the loop waits for it.
    """
    wanted = True

    def call() -> Any:
        return work(*args) if wanted else None

    try:
        future = asyncio.get_running_loop().run_in_executor(executor, call)
    except RuntimeError:
        wanted = False  # the executor holds it all the same, for a thread that may come later
        return work(*args)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        while not future.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([future])
        if not future.cancelled():
            future.exception()  # the cancellation comes first; what went wrong is not to be complained of as unseen
        raise


async def _serve(pool: Pool, ticket: Ticket, executor: Executor | None) -> None:
    """`Pool._serve`, awaited; `executor` for a session's ticket."""
    ticket.thread = threading.get_ident()
    ticket.make_gate = partial(LoopGate, asyncio.get_running_loop())
    pool.admit(ticket)
    attempt = 0
    while True:
        attempt += 1
        if ticket.grow:
            pool.grow(ticket)
        elif ticket.gate is not None and ticket.worker is None:
            await _await_worker(pool, ticket)
        assert ticket.worker is not None
        worker = cast(LoopWorker, ticket.worker)
        if ticket.came:
            ticket.job.queue_time = pool.clock.now() - ticket.came
        try:
            if not worker.executions:
                await worker.wait_ready_on_loop(pool.startup_seconds)
            if executor is not None:
                await in_thread(executor, worker.restore, 0)
            else:
                await worker.run_on_loop(ticket.job)
        except WorkerStartupError:
            pool.check_not_ending()
            raise
        except WorkerLost as lost:
            pool.swap_lost(ticket, worker, lost, attempt)
        else:
            closing.check_begun(ticket.job)
            return


async def _await_worker(pool: Pool, ticket: Ticket) -> None:
    """Wait in the queue; QueueTimeoutError at the ticket's deadline."""
    gate = ticket.gate
    assert isinstance(gate, LoopGate)
    left = ticket.deadline - pool.clock.now()
    try:
        async with asyncio.timeout(None if left == math.inf else max(0.0, left)):
            await gate.opened
    except TimeoutError:
        if pool.leave_queue(ticket):
            raise pool.queue.late(ticket) from None
        # It was served or refused in this very moment.
    if ticket.failure is not None:
        raise ticket.failure
