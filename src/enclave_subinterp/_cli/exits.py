"""The exit codes: a script's outcome by its number.  docs/cli.md has the same table."""

from __future__ import annotations

from typing import Final

from ..result import ErrorCode, RunResult

__all__ = ["BY_CODE", "FAILED", "USAGE", "of"]

FAILED: Final = 1  # the command could not do its work; stderr says why
USAGE: Final = 2  # a wrong option, file or tool; nothing was run

BY_CODE: Final[dict[ErrorCode, int]] = {
    ErrorCode.VALIDATION_ERROR: 10,
    ErrorCode.EXECUTION_ERROR: 11,
    ErrorCode.TIMEOUT: 12,
    ErrorCode.CPU_LIMIT: 13,
    ErrorCode.TOOL_ERROR: 14,
    ErrorCode.MAX_TOOL_CALLS: 15,
    ErrorCode.MAX_ITERATIONS: 16,
    ErrorCode.MEMORY_LIMIT_EXCEEDED: 17,
    ErrorCode.MESSAGE_FLOOD: 18,
    ErrorCode.MESSAGE_TOO_LARGE: 19,
    ErrorCode.OUTPUT_LIMIT: 20,
    ErrorCode.RESULT_NOT_SERIALIZABLE: 21,
    ErrorCode.SANDBOX_VIOLATION: 22,
    ErrorCode.WORKER_CRASHED: 23,
    ErrorCode.ABORTED: 24,
}


def of(result: RunResult) -> int:
    """The exit code for what a script came to."""
    return 0 if result.error is None else BY_CODE[result.error.code]
