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
    SessionClosedError,
    UnsupportedPlatformError,
    WorkerStartupError,
)
from .oneshot import run
from .presets import LevelLimits, SecurityLevel, WorkerPoolPresets
from .result import ErrorCode, ErrorInfo, RecycleReason, RunResult, RunStats
from .session import Session
from .stats import PoolStats
from .worker import WorkerInfo

if TYPE_CHECKING:
    from .aio import AsyncEnclave, AsyncSession

__version__ = "0.1.0"

__all__ = [
    "AsyncEnclave",
    "AsyncSession",
    "Capabilities",
    "CheckpointLimitError",
    "Enclave",
    "EnclaveError",
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
    "RunHandle",
    "RunResult",
    "RunStats",
    "SecurityLevel",
    "Session",
    "SessionClosedError",
    "UnsupportedPlatformError",
    "WorkerInfo",
    "WorkerPoolConfig",
    "WorkerPoolPresets",
    "WorkerStartupError",
    "__version__",
    "capabilities",
    "run",
]


def __getattr__(name: str) -> object:
    """What needs asyncio, whose import takes longer than all the rest, comes when it is asked for."""
    if name in {"AsyncEnclave", "AsyncSession"}:
        from . import aio

        return getattr(aio, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
