"""`EnclaveFuture`, the future of an `EnclaveExecutor`'s task, and the error of an executor that is broken."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from concurrent.futures._base import PENDING
from typing import Any, final

from ._adapters.task import Task, abort_error
from ._engines import End
from ._pool import Pool, Ticket
from ._pool.submitted import withdraw
from .errors import EnclaveError
from .result import ErrorCode, ErrorInfo, RunResult

__all__ = ["BrokenEnclaveError", "EnclaveFuture"]


class BrokenEnclaveError(EnclaveError, BrokenExecutor):
    """An initializer failed, or a worker could not be brought to its first task: the executor takes no more tasks."""


@final
class EnclaveFuture(Future[Any]):
    """A ``concurrent.futures.Future`` that can be killed."""

    def __init__(self, broken: Callable[[], BaseException | None], end: End | None = None) -> None:
        super().__init__()
        self._broken = broken
        self._end = end
        self._pool: Pool | None = None
        self._ticket: Ticket | None = None

    def kill(self) -> bool:
        """End the task, running or waiting; returns at once.

        ``result()`` then raises TaskKilledError.  False when it had ended already.
        """
        ticket = self._ticket
        if self.done() or self._pool is None or ticket is None:
            return False
        return self._pool.kill(ticket)

    def cancel(self) -> bool:
        """Cancel the task if it has not begun; False if it has."""
        ticket = self._ticket
        mine = self._pool is not None and ticket is not None and withdraw(self._pool, ticket)
        return self._cancel(mine)

    def _cancel(self, withdrawn: bool) -> bool:
        """As `cancel`, of a task that was taken back or is in a worker's hands."""
        if not super().cancel():
            return False
        if withdrawn:  # else the worker tells those who wait for it, when it comes to it
            self.set_running_or_notify_cancel()
        return True

    def _bind(self, pool: Pool, task: Task) -> Ticket:
        ticket = Ticket(task)
        ticket.handle = self
        self._pool = pool
        self._ticket = ticket
        return ticket

    def _begin(self) -> bool:
        """The task is about to run; False if it was cancelled."""
        return self.set_running_or_notify_cancel()

    def _put_off(self) -> None:
        """It will not run yet, after all."""
        with self._condition:
            self._state = PENDING

    def _finish(self, result: RunResult | None, failure: EnclaveError | None) -> None:
        """Set the end; by the pool, once."""
        assert self._ticket is not None
        task = self._ticket.job
        assert isinstance(task, Task)
        self._ticket = (
            None  # the request is not needed any more; kill() and cancel() look whether it is done first
        )
        if not task.begun and (self.cancelled() or not self.set_running_or_notify_cancel()):
            return
        error: BaseException | None = failure
        value: Any = None
        if result is not None and result.success:
            value = result.value
        else:
            if result is not None:
                error = task.error
                if error is None:
                    info = result.error
                    error = abort_error(info if info is not None else ErrorInfo("", "", ErrorCode.ABORTED))
            if task.error is None:
                error = self._broken() or error
        if self._end is not None:
            try:
                value = self._end(value, error, 0.0 if result is None else result.stats.duration)
            except BaseException as other:  # noqa: BLE001 - it is for whoever awaits this future
                error = other
            else:
                error = None
            self._end = None
        if error is None:
            self.set_result(value)
        else:
            self.set_exception(error)
        del error  # it refers to this frame by its traceback, should somebody raise it
