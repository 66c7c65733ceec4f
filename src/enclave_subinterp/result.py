"""What a run came to: value or error, output and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .errors import GuestError

__all__ = ["ErrorCode", "ErrorInfo", "RecycleReason", "RunResult", "RunStats"]


class ErrorCode(StrEnum):
    """Why a script did not come to a value."""

    VALIDATION_ERROR = "VALIDATION_ERROR"
    EXECUTION_ERROR = "EXECUTION_ERROR"
    TIMEOUT = "TIMEOUT"
    CPU_LIMIT = "CPU_LIMIT"
    TOOL_ERROR = "TOOL_ERROR"
    MAX_TOOL_CALLS = "MAX_TOOL_CALLS"
    MAX_ITERATIONS = "MAX_ITERATIONS"
    MEMORY_LIMIT_EXCEEDED = "MEMORY_LIMIT_EXCEEDED"
    MESSAGE_FLOOD = "MESSAGE_FLOOD"
    MESSAGE_TOO_LARGE = "MESSAGE_TOO_LARGE"
    OUTPUT_LIMIT = "OUTPUT_LIMIT"
    RESULT_NOT_SERIALIZABLE = "RESULT_NOT_SERIALIZABLE"
    SANDBOX_VIOLATION = "SANDBOX_VIOLATION"
    WORKER_CRASHED = "WORKER_CRASHED"
    ABORTED = "ABORTED"


class RecycleReason(StrEnum):
    """Why a worker's state was thrown away outside the ordinary course."""

    MEMORY_LIMIT = "MEMORY_LIMIT"
    MAX_EXECUTIONS = "MAX_EXECUTIONS"
    TIMEOUT = "TIMEOUT"
    CRASH = "CRASH"
    MESSAGE_FLOOD = "MESSAGE_FLOOD"
    SANDBOX_VIOLATION = "SANDBOX_VIOLATION"
    ABORTED = "ABORTED"
    IDLE = "IDLE"
    SHUTDOWN = "SHUTDOWN"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """What went wrong in a script, as plain text: nothing in it refers to an object of the guest.

    Attributes:
        name: the exception's type name in the guest, or the name of the limit that ended the run.
        message: the exception's text, or what was exceeded with its figures.
        code: the kind of failure.
        stack: the guest's traceback as text, where there is one.
        data: further facts, such as ``{"signal": "SIGSEGV"}`` or ``{"line": 3, "column": 7}``.
    """

    name: str
    message: str
    code: ErrorCode
    stack: str | None = None
    data: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RunStats:
    """What a run took.

    Attributes:
        duration: seconds from the hand-over to the worker until its end (wall clock).
        cpu_time: seconds of processor time of the worker's thread.
        queue_time: seconds spent waiting for a worker.
        tool_call_count: tool calls that reached the host.
        message_count: messages that the guest sent.
        iteration_count: loop turns counted; 0 where ``max_iterations`` is off.
        peak_memory: the most bytes that the worker's interpreter held during the run.
        worker_id: which worker served it; no two workers of a process have the same.
    """

    duration: float = 0.0
    cpu_time: float = 0.0
    queue_time: float = 0.0
    tool_call_count: int = 0
    message_count: int = 0
    iteration_count: int = 0
    peak_memory: int = 0
    worker_id: int = 0


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a script came to.

    Attributes:
        success: True when the script ended by itself and its value could cross.
        value: its top-level ``return``, else the value of its last expression, else None; None without success.
        error: what went wrong; None with success.
        stats: what it took.
        stdout: what it printed (undecodable bytes replaced).
        stderr: what it wrote to its standard error.
    """

    success: bool
    value: Any = None
    error: ErrorInfo | None = None
    stats: RunStats = field(default_factory=RunStats)
    stdout: str = ""
    stderr: str = ""

    def unwrap(self) -> Any:
        """The value.

        Raises:
            GuestError: the script failed; its ``error`` is this result's.
        """
        if self.error is not None:
            raise GuestError(self.error)
        return self.value
