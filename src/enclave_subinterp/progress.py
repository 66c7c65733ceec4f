"""`report_progress`, as it is outside of tasks; in a task another one takes its place (guest/task_world.py)."""

from __future__ import annotations

from .errors import EnclaveUsageError

__all__ = ["report_progress"]


def report_progress(value: object, /) -> None:  # noqa: ARG001 - see above
    """Give a value to the `on_progress` of the running task's options, which is called with it on a host thread.

    For tasks of an `EnclaveExecutor`; without an `on_progress` the value is dropped.

    Raises:
        EnclaveUsageError: called outside a task.
    """
    raise EnclaveUsageError(
        "report_progress() was called outside a task of an EnclaveExecutor; there is nobody to report to"
    )
