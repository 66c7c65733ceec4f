"""What a run came to: value or error, output and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .errors import GuestError

__all__ = ["ErrorCode", "ErrorInfo", "RecycleReason", "RunResult", "RunStats"]


class ErrorCode(StrEnum):
    """Why a script did not come to a value.  A code is its own name as text.

    Attributes:
        VALIDATION_ERROR: the source was refused before it ran: its syntax, or what the level does not allow.
        EXECUTION_ERROR: the script raised an exception and did not catch it.
        TIMEOUT: it ran longer than `timeout` seconds.
        CPU_LIMIT: it took more than `cpu_limit` seconds of processor time.
        TOOL_ERROR: a tool call failed and the script did not catch its ToolError.
        MAX_TOOL_CALLS: it made more tool calls than it may.
        MAX_ITERATIONS: its loops turned more often than they may.
        MEMORY_LIMIT_EXCEEDED: its interpreter would have held more bytes than it may.
        MESSAGE_FLOOD: it sent more messages a second, or had more tool calls open, than it may.
        MESSAGE_TOO_LARGE: one message has more bytes than one may have.
        OUTPUT_LIMIT: it wrote more, or more often, than it may.
        RESULT_NOT_SERIALIZABLE: its value is of a type that does not cross.
        SANDBOX_VIOLATION: it did what the sandbox refuses.
        WORKER_CRASHED: it crashed natively, which was contained; ``data["signal"]`` has the signal's name.
        ABORTED: it was ended from outside: by ``kill()``, or because its enclave was closed.
    """

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
    """Why a worker's state was thrown away outside the ordinary course.  A reason is its own name as text.

    Attributes:
        MEMORY_LIMIT: a script met the memory limit, or kept state took more than three quarters of it.
        MAX_EXECUTIONS: the worker has served `max_executions_per_worker` scripts.
        TIMEOUT: a script was halted at a limit of time, of the wall clock or of the processor.
        CRASH: a native crash was contained.
        MESSAGE_FLOOD: a script sent too many messages, or wrote too much.
        SANDBOX_VIOLATION: a script did what the sandbox refuses.
        ABORTED: a script was ended from outside, or made more tool calls or loop turns than it may.
        IDLE: the worker had nothing to do for `idle_timeout` seconds.
        SHUTDOWN: the pool was closed.
        ERROR: anything else.
    """

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
