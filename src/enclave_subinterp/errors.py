"""What kept a script from running, and misuse: the exceptions of the host's side.

What a *script* did wrong is never raised: it comes back in ``RunResult.error``.  Every message says what was wrong,
what came, and what to do about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import ErrorInfo

__all__ = [
    "CheckpointLimitError",
    "EnclaveError",
    "EnclaveUsageError",
    "ExecutionAbortedError",
    "GuestError",
    "PoolClosedError",
    "QueueFullError",
    "QueueTimeoutError",
    "SessionClosedError",
    "UnsupportedPlatformError",
    "WorkerStartupError",
]


class EnclaveError(Exception):
    """Base of every exception that this package defines."""


class EnclaveUsageError(EnclaveError, RuntimeError):
    """The embedding program used an enclave where it cannot be used.

    Raised at once, never after a wait: from a subinterpreter, in the child of a ``fork()``, or from a signal handler
    (or finalizer) that interrupted the pool's own bookkeeping.
    """


class PoolClosedError(EnclaveUsageError):
    """The enclave was closed before the script could begin."""


class SessionClosedError(EnclaveUsageError):
    """The session has ended: it was closed, it was not used for too long, or its worker was lost."""


class CheckpointLimitError(EnclaveError):
    """A session's checkpoints would hold more memory than its worker may (``memory_limit_per_worker``)."""


class QueueFullError(EnclaveError):
    """Every worker is busy and as many scripts wait as may wait.

    Attributes:
        queue_depth: how many scripts were waiting.
        max_queue_size: how many may wait (``WorkerPoolConfig.max_queue_size``).
    """

    def __init__(self, message: str, *, queue_depth: int = 0, max_queue_size: int = 0) -> None:
        super().__init__(message)
        self.queue_depth = queue_depth
        self.max_queue_size = max_queue_size


class QueueTimeoutError(EnclaveError):
    """No worker became free within the queue's time limit; the script never began.

    Attributes:
        waited: seconds spent in the queue.
        queue_timeout: the limit in seconds (``WorkerPoolConfig.queue_timeout``).
    """

    def __init__(self, message: str, *, waited: float = 0.0, queue_timeout: float = 0.0) -> None:
        super().__init__(message)
        self.waited = waited
        self.queue_timeout = queue_timeout


class WorkerStartupError(EnclaveError):
    """A worker could not be started; the message carries the core's reason."""


class UnsupportedPlatformError(EnclaveError):
    """This platform or Python lacks something that the enclave needs; see ``capabilities()``."""


class ExecutionAbortedError(EnclaveError):
    """A task was killed by the embedding program (futures of ``EnclaveExecutor``)."""


class GuestError(EnclaveError):
    """What ``RunResult.unwrap()`` raises for a script that failed.

    Attributes:
        error: the ``ErrorInfo`` of the result, as it came.
    """

    def __init__(self, error: ErrorInfo) -> None:
        super().__init__(error)
        self.error = error

    def __str__(self) -> str:
        return f"{self.error.name}: {self.error.message} [{self.error.code.value}]"
