"""From what a run came to, or why it did not begin, to an HTTP status and JSON."""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import math
import reprlib
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from enclave_subinterp import (
    ErrorCode,
    PoolClosedError,
    PoolStats,
    QueueFullError,
    QueueTimeoutError,
    RunResult,
    WorkerPoolConfig,
    WorkerStartupError,
)

# A script that ran out of time will do so again.  So the statuses that clients and proxies repeat by themselves (408,
# 429, 502, 503, 504) are kept for what is worth repeating: requests whose script never began.
STATUS: Mapping[ErrorCode, int] = {
    ErrorCode.VALIDATION_ERROR: 400,
    ErrorCode.SANDBOX_VIOLATION: 403,
    ErrorCode.ABORTED: 409,
    ErrorCode.MESSAGE_TOO_LARGE: 413,
    ErrorCode.EXECUTION_ERROR: 422,
    ErrorCode.RESULT_NOT_SERIALIZABLE: 422,
    ErrorCode.TIMEOUT: 422,
    ErrorCode.CPU_LIMIT: 422,
    ErrorCode.MAX_ITERATIONS: 422,
    ErrorCode.MAX_TOOL_CALLS: 422,
    ErrorCode.MEMORY_LIMIT_EXCEEDED: 422,
    ErrorCode.MESSAGE_FLOOD: 422,
    ErrorCode.OUTPUT_LIMIT: 422,
    ErrorCode.TOOL_ERROR: 424,
    ErrorCode.WORKER_CRASHED: 500,
}

_MAX_RETRY = 30  # seconds
_SHOWN = reprlib.Repr()
_SHOWN.maxlevel, _SHOWN.maxstring, _SHOWN.maxother, _SHOWN.maxlong = 8, 2_000, 2_000, 2_000
_SHOWN.maxlist = _SHOWN.maxtuple = _SHOWN.maxdict = _SHOWN.maxset = _SHOWN.maxfrozenset = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON object.  `began`: whether a script came as far as the pool's queue."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    began: bool = True


def failure(status: int, code: str, message: str, *, retry: int | None = None) -> Answer:
    """An error of the service's own."""
    error: dict[str, Any] = {"code": code, "message": message}
    headers = {}
    if retry is not None:
        error["retry_after"] = retry
        headers["Retry-After"] = str(retry)
    return Answer(status, {"success": False, "error": error}, headers, began=False)


def ended(result: RunResult) -> Answer:
    """What a script came to."""
    body: dict[str, Any] = {"success": result.success, "stats": asdict(result.stats)}
    if result.error is None:
        body |= {"value": as_json(result.value), "shown": as_text(result.value)}
        return Answer(200, body)
    return Answer(STATUS[result.error.code], body | {"error": as_json(asdict(result.error))})


def killed() -> Answer:
    """A run that was ended from outside."""
    error = {"code": ErrorCode.ABORTED, "name": "AbortedError", "message": "the run was killed"}
    return Answer(STATUS[ErrorCode.ABORTED], {"success": False, "error": error})


def refused(error: Exception, stats: PoolStats, config: WorkerPoolConfig) -> Answer | None:
    """Why a script did not begin; None for an error that is not one of these."""
    match error:
        case QueueFullError():
            wait = stats.queue_depth * stats.avg_execution_time / config.max_workers
            return failure(503, "QUEUE_FULL", str(error), retry=min(_MAX_RETRY, max(1, math.ceil(wait))))
        case QueueTimeoutError():
            return failure(503, "QUEUE_TIMEOUT", str(error), retry=1)
        case PoolClosedError():
            return failure(503, "CLOSED", "the service is shutting down", retry=_MAX_RETRY)
        case WorkerStartupError():
            return failure(503, "NO_WORKER", "no worker can be started at present", retry=_MAX_RETRY)
        case TypeError() | ValueError():
            return failure(400, "BAD_REQUEST", str(error))
        case _:
            return None


def as_json(value: Any) -> Any:
    """A script's value as JSON has it: sequences and sets are lists, bytes base64, all else is text."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if value.bit_length() < 2048 else hex(value)
        case float():
            return value if math.isfinite(value) else repr(value)
        case dict():
            return {
                key if isinstance(key, str) else as_text(key): as_json(item) for key, item in value.items()
            }
        case list() | tuple() | set() | frozenset():
            return [as_json(item) for item in value]
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(value).decode("ascii")
        case datetime.timedelta():
            return value.total_seconds()
        case datetime.date() | datetime.time():
            return value.isoformat()
        case decimal.Decimal() | uuid.UUID():
            return str(value)
        case _:
            return as_text(value)


def as_text(value: Any) -> str:
    """A script's value as Python writes it, but no more than some thousand characters."""
    try:
        return _SHOWN.repr(value)
    except ValueError:  # an integer of too many digits
        return f"<{type(value).__name__}>"


def encoded(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
