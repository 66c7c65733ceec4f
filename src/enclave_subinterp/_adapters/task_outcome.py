"""From the core's `Done` to what a task's future gets: a value, the task's own exception, or why it was ended."""

from __future__ import annotations

from .. import _native
from ..errors import TaskExitedError
from ..result import ErrorCode, ErrorInfo, RecycleReason, RunResult, RunStats
from . import Job, Outcome, RunSettings
from .outcome import outcome_of
from .task import abort_error
from .task_messages import unpack_error, unpack_value

__all__ = ["task_outcome"]

_NS = 1e9  # nanoseconds a second


def task_outcome(
    done: _native.Done, job: Job, settings: RunSettings, worker_id: int, limit: int, status: int | None
) -> tuple[Outcome, BaseException | None]:
    """What a finished task came to, and its exception.

    Args:
        limit: what the task might allocate itself, in bytes; 0 for the worker's limit alone.
        status: what it gave to ``os._exit()``, if it has called that.
    """
    if done.outcome == _native.OUTCOME_HALTED and done.detail == _native.HALT_EXIT:
        info = ErrorInfo("TaskExitedError", f"the task called os._exit({status})", ErrorCode.ABORTED)
        result = RunResult(False, None, info, _stats(done, job, worker_id))
        error = TaskExitedError(info.message, status=status or 0)
        return Outcome(result, RecycleReason.ABORTED, True, done.replace), error
    if done.outcome not in (_native.OUTCOME_VALUE, _native.OUTCOME_ERROR):
        outcome = outcome_of(done, job, settings, worker_id, 0)
        assert outcome.result.error is not None
        return outcome, abort_error(outcome.result.error, limit)
    recycle = RecycleReason.ERROR if done.replace else None
    stats = _stats(done, job, worker_id)
    failure: BaseException
    try:
        if done.outcome == _native.OUTCOME_VALUE:
            value = unpack_value(done.parts)
            return Outcome(RunResult(True, value, None, stats), recycle, False, done.replace), None
        failure = unpack_error(done.parts)
    except BaseException as error:  # noqa: BLE001 - unpickling runs the program's own code, which may call sys.exit()
        failure = error
    info = ErrorInfo(type(failure).__name__, "", ErrorCode.EXECUTION_ERROR)
    return Outcome(RunResult(False, None, info, stats), recycle, False, done.replace), failure


def _stats(done: _native.Done, job: Job, worker_id: int) -> RunStats:
    return RunStats(
        done.wall_ns / _NS,
        done.cpu_ns / _NS,
        job.queue_time,
        0,
        done.messages,
        0,
        done.peak_memory,
        worker_id,
    )
