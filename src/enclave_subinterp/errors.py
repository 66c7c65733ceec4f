"""What kept a script from running, and misuse: the exceptions of the host's side.

What a *script* did wrong is never raised: it comes back in ``RunResult.error``.  Every message says what was wrong,
what came, and what to do about it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # not from typing: tasks import this while it may be just coming

if TYPE_CHECKING:
    from typing import Self

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
    "RemoteError",
    "SessionClosedError",
    "TaskCrashedError",
    "TaskExitedError",
    "TaskKilledError",
    "TaskMemoryError",
    "TaskTimeoutError",
    "UnsupportedModuleError",
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
        queue_depth (int): how many scripts were waiting.
        max_queue_size (int): how many may wait (``WorkerPoolConfig.max_queue_size``).
    """

    def __init__(self, message: str, *, queue_depth: int = 0, max_queue_size: int = 0) -> None:
        super().__init__(message)
        self.queue_depth = queue_depth
        self.max_queue_size = max_queue_size


class QueueTimeoutError(EnclaveError):
    """No worker became free within the queue's time limit; the script never began.

    Attributes:
        waited (float): seconds spent in the queue.
        queue_timeout (float): the limit in seconds (``WorkerPoolConfig.queue_timeout``).
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
    """A task of an `EnclaveExecutor` was ended before it came to a value or an exception of its own.

    Base of the errors below, one for each way.  Only that task's future has it: the executor goes on.
    """


class TaskKilledError(ExecutionAbortedError):
    """Its future was killed, or its executor was closed by force."""


class TaskTimeoutError(ExecutionAbortedError, TimeoutError):
    """It ran for longer than it may.

    Attributes:
        limit (float): what it may, in seconds.
        duration (float): how long it ran, in seconds.
    """

    def __init__(self, message: str, *, limit: float = 0.0, duration: float = 0.0) -> None:
        super().__init__(message)
        self.limit = limit
        self.duration = duration


class TaskMemoryError(ExecutionAbortedError, MemoryError):
    """It asked for more memory than it may hold.

    Attributes:
        limit (int): what its worker may hold in all, in bytes.
        peak (int): what its worker held, in bytes.
    """

    def __new__(cls, *args: object, **_: object) -> Self:
        """As Exception has it.

        MemoryError's, which would be found first, is refused for a class that is laid out as Exception; who makes
        exceptions anew, as tblib does when they are unpickled, calls it by name.
        """
        return Exception.__new__(cls, *args)

    def __init__(self, message: str, *, limit: int = 0, peak: int = 0) -> None:
        super().__init__(message)
        self.limit = limit
        self.peak = peak


class TaskCrashedError(ExecutionAbortedError):
    """It crashed natively; its worker was replaced.

    Attributes:
        signal (str | None): the signal's name, such as "SIGSEGV"; None if its worker was lost in another way.
    """

    def __init__(self, message: str, *, signal: str | None = None) -> None:
        super().__init__(message)
        self.signal = signal


class TaskExitedError(ExecutionAbortedError):
    """It called ``os._exit()``.

    Attributes:
        status (int): the exit status that it gave.
    """

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class UnsupportedModuleError(EnclaveError, ImportError):
    """A task needs a module that does not load in an isolated subinterpreter.

    Attributes:
        name (str): the module that was to be imported.
        extension (str): the extension module that does not load; often a part of `name`.
        reason (str): why not.
    """

    def __init__(self, message: str, *, name: str = "", extension: str = "", reason: str = "") -> None:
        super().__init__(message, name=name)
        self.extension = extension
        self.reason = reason


class RemoteError(EnclaveError):
    """Stands for an exception of a task that could not be brought back whole; the message has its text.

    Attributes:
        type_name (str): the name of the exception's class.
    """

    def __init__(self, message: str, *, type_name: str = "") -> None:
        super().__init__(message)
        self.type_name = type_name


class GuestError(EnclaveError):
    """What ``RunResult.unwrap()`` raises for a script that failed.

    Attributes:
        error (ErrorInfo): the ``ErrorInfo`` of the result, as it came.
    """

    def __init__(self, error: ErrorInfo) -> None:
        super().__init__(error)
        self.error = error

    def __str__(self) -> str:
        return f"{self.error.name}: {self.error.message} [{self.error.code.value}]"
