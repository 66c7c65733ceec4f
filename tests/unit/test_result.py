"""Results as their users see them; nothing here needs the native core."""

import dataclasses
import pickle

import pytest

from enclave_subinterp import (
    ErrorCode,
    ErrorInfo,
    GuestError,
    PoolStats,
    RecycleReason,
    RunResult,
    RunStats,
)

CODES = (
    "VALIDATION_ERROR EXECUTION_ERROR TIMEOUT CPU_LIMIT TOOL_ERROR MAX_TOOL_CALLS MAX_ITERATIONS MEMORY_LIMIT_EXCEEDED"
    " MESSAGE_FLOOD MESSAGE_TOO_LARGE OUTPUT_LIMIT RESULT_NOT_SERIALIZABLE SANDBOX_VIOLATION WORKER_CRASHED ABORTED"
)
REASONS = (
    "MEMORY_LIMIT MAX_EXECUTIONS TIMEOUT CRASH MESSAGE_FLOOD SANDBOX_VIOLATION ABORTED IDLE SHUTDOWN ERROR"
)
STATS = (
    "active_workers idle_workers total_workers queue_depth total_executions successful_executions failed_executions"
    " timeout_executions memory_kills forced_terminations contained_crashes worker_recycles condemned_slots"
    " avg_execution_time avg_worker_memory max_worker_memory timestamp restart_advised"
)

FAILED = RunResult(
    success=False,
    error=ErrorInfo("ZeroDivisionError", "division by zero", ErrorCode.EXECUTION_ERROR, "Traceback ..."),
)


def names(kind: type) -> list[str]:
    return [field.name for field in dataclasses.fields(kind)]


def test_error_codes_are_strings() -> None:
    assert [code.value for code in ErrorCode] == CODES.split()
    assert ErrorCode.TIMEOUT == "TIMEOUT"
    assert f"{ErrorCode.TIMEOUT}" == "TIMEOUT"
    assert ErrorCode("ABORTED") is ErrorCode.ABORTED


def test_recycle_reasons_are_strings() -> None:
    assert [reason.value for reason in RecycleReason] == REASONS.split()


def test_fields() -> None:
    assert names(RunResult) == ["success", "value", "error", "stats", "stdout", "stderr"]
    assert names(ErrorInfo) == ["name", "message", "code", "stack", "data"]
    assert names(RunStats) == [
        *("duration", "cpu_time", "queue_time", "tool_call_count", "message_count", "iteration_count"),
        *("peak_memory", "worker_id"),
    ]
    assert names(PoolStats) == STATS.split()


@pytest.mark.parametrize("value", [FAILED, RunStats(), PoolStats(), FAILED.error])
def test_frozen(value: object) -> None:
    field = dataclasses.fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, 1)
    assert not hasattr(value, "__dict__")


def test_unwrap_gives_the_value() -> None:
    assert RunResult(success=True, value=[1, 2]).unwrap() == [1, 2]
    assert RunResult(success=True).unwrap() is None


def test_unwrap_raises_what_went_wrong() -> None:
    with pytest.raises(
        GuestError, match=r"^ZeroDivisionError: division by zero \[EXECUTION_ERROR\]$"
    ) as caught:
        FAILED.unwrap()
    assert caught.value.error is FAILED.error


@pytest.mark.parametrize("value", [FAILED, RunResult(success=True, value={"a": (1, b"x")}), PoolStats()])
def test_results_can_be_pickled_and_compared(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
