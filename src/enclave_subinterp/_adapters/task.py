"""One call for an executor's workers, and the exceptions for those that are ended by force.  Without the core."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import (
    ExecutionAbortedError,
    TaskCrashedError,
    TaskKilledError,
    TaskMemoryError,
    TaskTimeoutError,
)
from ..result import ErrorCode, ErrorInfo
from . import Job

__all__ = ["Task", "abort_error"]


class Task(Job):
    """One call on its way through pool and worker.

    Args:
        request, buffers: what `task_messages.pack` gave.
        begin: asked right before the call is handed over; False if nobody wants it any more.
        take_back: called if it was taken back then.
        memory_limit: bytes that it may allocate itself; 0 for the worker's limit alone.
        on_progress: called with what it reports.
    """

    __slots__ = ("_begin", "_take_back", "begun", "buffers", "error", "memory_limit", "on_progress", "status")

    def __init__(
        self,
        request: bytes,
        buffers: list[Any] | None,
        timeout: float,
        begin: Callable[[], bool],
        take_back: Callable[[], object],
        memory_limit: int = 0,
        on_progress: Callable[[Any], object] | None = None,
    ) -> None:
        super().__init__(request, timeout)
        self.buffers = buffers
        self.memory_limit = memory_limit
        self.on_progress = on_progress
        self.error: BaseException | None = None  # with an outcome that is no value
        self.status: int | None = None  # what it gave to os._exit()
        self.begun = False
        self._begin = begin
        self._take_back = take_back

    def wanted(self) -> bool:
        """Mark it as begun; False if it was cancelled meanwhile."""
        if not self.begun and not self._begin():
            return False
        self.begun = True
        return True

    def put_off(self) -> None:
        """Mark it as not begun: it was taken back in time."""
        self.begun = False
        self._take_back()


def abort_error(info: ErrorInfo, limit: int = 0) -> ExecutionAbortedError:
    """The exception for a task that was ended by force, or never began."""
    data: dict[str, Any] = info.data or {}
    message = info.message.replace("the script", "the task")
    if info.code is ErrorCode.TIMEOUT:
        return TaskTimeoutError(f"the task {message}", limit=data["limit"], duration=data["duration"])
    if info.code is ErrorCode.MEMORY_LIMIT_EXCEEDED:
        if limit:
            message = (
                f"may allocate {limit} bytes and asked for more; its worker held {data['peak']} bytes in all"
            )
        return TaskMemoryError(f"the task {message}", limit=limit or data["limit"], peak=data["peak"])
    if info.code is ErrorCode.WORKER_CRASHED:
        return TaskCrashedError(message, signal=data.get("signal"))
    return TaskKilledError(message.replace("the enclave", "the executor"))
