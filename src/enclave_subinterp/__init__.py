"""Runs other people's Python inside your process: a pool of subinterpreters, halted, limited and rewound at will."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._pool import RunHandle
from .capabilities import Capabilities, capabilities
from .config import WorkerPoolConfig
from .enclave import Enclave
from .errors import (
    CheckpointLimitError,
    EnclaveError,
    EnclaveUsageError,
    ExecutionAbortedError,
    GuestError,
    PoolClosedError,
    QueueFullError,
    QueueTimeoutError,
    RemoteError,
    SessionClosedError,
    TaskCrashedError,
    TaskExitedError,
    TaskKilledError,
    TaskMemoryError,
    TaskTimeoutError,
    UnsupportedModuleError,
    UnsupportedPlatformError,
    WorkerStartupError,
)
from .oneshot import run
from .presets import LevelLimits, SecurityLevel, WorkerPoolPresets
from .progress import report_progress
from .result import ErrorCode, ErrorInfo, RecycleReason, RunResult, RunStats
from .session import Session
from .stats import PoolStats
from .worker import WorkerInfo

if TYPE_CHECKING:
    from .aio import AsyncEnclave, AsyncSession
    from .executor import EnclaveExecutor
    from .future import BrokenEnclaveError, EnclaveFuture

__version__ = "0.1.0"

__all__ = [
    "AsyncEnclave",
    "AsyncSession",
    "BrokenEnclaveError",
    "Capabilities",
    "CheckpointLimitError",
    "Enclave",
    "EnclaveError",
    "EnclaveExecutor",
    "EnclaveFuture",
    "EnclaveUsageError",
    "ErrorCode",
    "ErrorInfo",
    "ExecutionAbortedError",
    "GuestError",
    "LevelLimits",
    "PoolClosedError",
    "PoolStats",
    "QueueFullError",
    "QueueTimeoutError",
    "RecycleReason",
    "RemoteError",
    "RunHandle",
    "RunResult",
    "RunStats",
    "SecurityLevel",
    "Session",
    "SessionClosedError",
    "TaskCrashedError",
    "TaskExitedError",
    "TaskKilledError",
    "TaskMemoryError",
    "TaskTimeoutError",
    "UnsupportedModuleError",
    "UnsupportedPlatformError",
    "WorkerInfo",
    "WorkerPoolConfig",
    "WorkerPoolPresets",
    "WorkerStartupError",
    "__version__",
    "capabilities",
    "report_progress",
    "run",
]


# What needs asyncio or concurrent.futures, whose imports take time, comes when it is asked for.
_LATER = {
    "AsyncEnclave": "aio",
    "AsyncSession": "aio",
    "BrokenEnclaveError": "future",
    "EnclaveExecutor": "executor",
    "EnclaveFuture": "future",
}


def __getattr__(name: str) -> object:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
