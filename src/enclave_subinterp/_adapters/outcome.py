"""From the core's `Done` to the contract's `RunResult`.

Whatever the payload says was written by the guest: it is decoded and checked by type, and never believed where only the
host can know (that a run timed out, crashed or was killed).
"""

from __future__ import annotations

import signal
from typing import Any, Final

from .. import _native
from ..result import ErrorCode, ErrorInfo, RecycleReason, RunResult, RunStats
from . import Abort, Job, Outcome, RunSettings

__all__ = ["aborted_outcome", "halt_number", "lost_outcome", "outcome_of"]

_NS: Final = 1e9  # nanoseconds a second

# Codes that the guest's side may report; the others are the host's to say.
_GUEST_CODES: Final = {
    code.value: code
    for code in (
        ErrorCode.VALIDATION_ERROR,
        ErrorCode.EXECUTION_ERROR,
        ErrorCode.TOOL_ERROR,
        ErrorCode.MAX_TOOL_CALLS,
        ErrorCode.MAX_ITERATIONS,
        ErrorCode.MEMORY_LIMIT_EXCEEDED,
        ErrorCode.MESSAGE_FLOOD,
        ErrorCode.MESSAGE_TOO_LARGE,
        ErrorCode.OUTPUT_LIMIT,
        ErrorCode.RESULT_NOT_SERIALIZABLE,
        ErrorCode.SANDBOX_VIOLATION,
    )
}

_HALTS: Final = {
    Abort.CLOSED: _native.HALT_CLOSED,
    Abort.MAX_TOOL_CALLS: _native.HALT_TOOL_CALLS,
    Abort.MESSAGE_FLOOD: _native.HALT_FLOOD,
}

_RECYCLE_BY_CODE: Final = {
    ErrorCode.TIMEOUT: RecycleReason.TIMEOUT,
    ErrorCode.CPU_LIMIT: RecycleReason.TIMEOUT,
    ErrorCode.MEMORY_LIMIT_EXCEEDED: RecycleReason.MEMORY_LIMIT,
    ErrorCode.OUTPUT_LIMIT: RecycleReason.MESSAGE_FLOOD,
    ErrorCode.MESSAGE_FLOOD: RecycleReason.MESSAGE_FLOOD,
    ErrorCode.MAX_TOOL_CALLS: RecycleReason.ABORTED,
    ErrorCode.ABORTED: RecycleReason.ABORTED,
    ErrorCode.MAX_ITERATIONS: RecycleReason.ABORTED,
    ErrorCode.SANDBOX_VIOLATION: RecycleReason.SANDBOX_VIOLATION,
}


def halt_number(abort: Abort) -> int:
    """The HALT_ number of an end that the host wants."""
    return _HALTS.get(abort, _native.HALT_ABORTED)


def outcome_of(
    done: _native.Done, job: Job, settings: RunSettings, worker_id: int, tool_calls: int
) -> Outcome:
    """What a finished run came to; `tool_calls` is how many reached the host."""
    stats = RunStats(
        done.wall_ns / _NS,
        done.cpu_ns / _NS,
        job.queue_time,
        tool_calls,
        done.messages,
        done.iterations,
        done.peak_memory,
        worker_id,
    )
    stdout = done.stdout.decode("utf-8", "replace") if done.stdout else ""
    stderr = done.stderr.decode("utf-8", "replace") if done.stderr else ""
    outcome = done.outcome
    value: object = None
    recycle: RecycleReason | None = None
    if outcome == _native.OUTCOME_VALUE:
        try:
            value = _native.decode(done.payload or b"")
        except Exception as error:  # noqa: BLE001 - forged bytes; an extension type's maker may raise anything
            info = ErrorInfo(
                type(error).__name__, f"the value cannot cross: {error}", ErrorCode.RESULT_NOT_SERIALIZABLE
            )
        else:
            result = RunResult(True, value, None, stats, stdout, stderr)
            return Outcome(result, RecycleReason.ERROR if done.replace else None, False, done.replace)
    elif outcome == _native.OUTCOME_ERROR:
        info = _guest_error(done.payload or b"")
    elif outcome == _native.OUTCOME_CRASHED:
        info = _crash(done.detail) if done.violation is None else _violation(done.violation)
        recycle = RecycleReason.CRASH if done.violation is None else RecycleReason.SANDBOX_VIOLATION
    else:
        info = _halt(done, job, settings, tool_calls)
        recycle = _RECYCLE_BY_CODE[info.code]
        if job.abort is Abort.CLOSED and info.code is ErrorCode.ABORTED:
            recycle = RecycleReason.SHUTDOWN
    if recycle is None and done.replace:
        recycle = RecycleReason.ERROR
    result = RunResult(False, None, info, stats, stdout, stderr)
    return Outcome(result, recycle, outcome == _native.OUTCOME_HALTED, done.replace)


def aborted_outcome(reason: Abort, queue_time: float = 0.0) -> Outcome:
    """The outcome of a job that the host ended before it began."""
    message = f"{reason.value}, before the script began"
    error = ErrorInfo("AbortedError", message, ErrorCode.ABORTED)
    return Outcome(RunResult(False, None, error, RunStats(queue_time=queue_time)))


def lost_outcome(job: Job, worker_id: int, why: str, replace: bool = True) -> Outcome:
    """The outcome of a job whose last word was not heard, as a rule because its worker ended under it."""
    stats = RunStats(queue_time=job.queue_time, worker_id=worker_id)
    if job.abort is not None:
        error = ErrorInfo("AbortedError", job.abort.value, ErrorCode.ABORTED)
        recycle = RecycleReason.SHUTDOWN if job.abort is Abort.CLOSED else RecycleReason.ABORTED
    else:
        error = ErrorInfo("WorkerCrashedError", f"the worker was lost: {why}", ErrorCode.WORKER_CRASHED)
        recycle = RecycleReason.ERROR
    return Outcome(RunResult(False, None, error, stats), recycle, job.abort is not None, replace)


def _guest_error(payload: bytes | _native.Memory) -> ErrorInfo:
    """The guest's own account of its error, each field checked."""
    try:
        fields: Any = _native.decode(payload)
    except Exception as error:  # noqa: BLE001 - forged bytes
        return ErrorInfo("ExecutionError", f"the error cannot be shown: {error}", ErrorCode.EXECUTION_ERROR)
    if type(fields) not in (list, tuple) or len(fields) != 5:
        return ErrorInfo(
            "ExecutionError", "the error came in a form that is not ours", ErrorCode.EXECUTION_ERROR
        )
    code, name, message, stack, data = fields
    known = _GUEST_CODES.get(code) if type(code) is str else None
    facts: dict[str, Any] | None = None
    if type(data) is dict and all(type(key) is str for key in data):
        facts = data
    return ErrorInfo(
        name if type(name) is str and name else "ExecutionError",
        message if type(message) is str else "",
        known if known is not None else ErrorCode.EXECUTION_ERROR,
        stack if type(stack) is str else None,
        facts,
    )


def _crash(number: int) -> ErrorInfo:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    message = f"the script crashed natively ({name}); the worker was replaced"
    return ErrorInfo("WorkerCrashedError", message, ErrorCode.WORKER_CRASHED, None, {"signal": name})


def _violation(name: str) -> ErrorInfo:
    message = f"the script made the system call {name}, which is refused in an enclave"
    return ErrorInfo(
        "SandboxViolationError", message, ErrorCode.SANDBOX_VIOLATION, None, {"system_call": name}
    )


def _halt(done: _native.Done, job: Job, settings: RunSettings, tool_calls: int) -> ErrorInfo:
    """Which limit ended the run, with its figures."""
    detail = done.detail
    wall = done.wall_ns / _NS
    if detail == _native.HALT_TIMEOUT:
        message = f"ran for {_seconds(wall)}; the limit is {_seconds(job.timeout)}"
        return ErrorInfo(
            "TimeoutError", message, ErrorCode.TIMEOUT, None, {"duration": wall, "limit": job.timeout}
        )  # fmt: skip
    if detail == _native.HALT_CPU_LIMIT:
        used, limit = done.cpu_ns / _NS, settings.cpu_limit or 0.0
        message = f"used {_seconds(used)} of processor time; the limit is {_seconds(limit)}"
        return ErrorInfo(
            "CpuLimitError", message, ErrorCode.CPU_LIMIT, None, {"cpu_time": used, "limit": limit}
        )
    if detail == _native.HALT_MEMORY:
        peak, most = done.peak_memory, settings.pool.memory_limit_per_worker
        message = f"held {_size(peak)} when it asked for more; the limit is {_size(most)}"
        return ErrorInfo(
            "MemoryLimitError", message, ErrorCode.MEMORY_LIMIT_EXCEEDED, None, {"peak": peak, "limit": most}
        )
    if detail == _native.HALT_ITERATIONS:
        most_turns = settings.max_iterations
        message = f"ran through its loops more than {most_turns} times in all, which is max_iterations"
        facts = {"iterations": done.iterations, "limit": most_turns}
        return ErrorInfo("MaxIterationsError", message, ErrorCode.MAX_ITERATIONS, None, facts)
    if detail == _native.HALT_VIOLATION:
        return _violation(done.violation or "unknown")
    if detail == _native.HALT_OUTPUT:
        calls, size = settings.max_output_calls, settings.max_output_bytes
        message = f"wrote too much output; the limits are {calls} writes and {_size(size)}"
        return ErrorInfo(
            "OutputLimitError", message, ErrorCode.OUTPUT_LIMIT, None, {"calls": calls, "bytes": size}
        )
    if detail == _native.HALT_TOOL_CALLS:
        made, allowed = max(tool_calls, done.tool_calls), settings.max_tool_calls
        message = f"made {made} tool calls; the limit is {allowed}"
        return ErrorInfo(
            "MaxToolCallsError", message, ErrorCode.MAX_TOOL_CALLS, None, {"calls": made, "limit": allowed}
        )
    if detail == _native.HALT_FLOOD:
        rate, pending = settings.pool.max_messages_per_second, settings.pool.max_pending_tool_calls
        message = (
            f"sent {done.messages} messages in {_seconds(wall)}; the limits are {rate} a second and {pending} tool"
            " calls under way at once, and large messages count as several"
        )
        data = {"messages": done.messages, "limit": rate, "pending_limit": pending}
        return ErrorInfo("MessageFloodError", message, ErrorCode.MESSAGE_FLOOD, None, data)
    reason = job.abort
    if reason is None:
        reason = Abort.CLOSED if detail == _native.HALT_CLOSED else Abort.KILLED
    message = f"{reason.value}, after {_seconds(wall)}"
    return ErrorInfo("AbortedError", message, ErrorCode.ABORTED)


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value >= 1.0 else f"{value * 1e3:.3g} ms"


def _size(value: int) -> str:
    if value >= 1024 * 1024:
        return f"{value / (1024 * 1024):.1f} MB"
    return f"{value / 1024:.1f} KB" if value >= 1024 else f"{value} bytes"
