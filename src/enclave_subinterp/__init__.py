"""Runs other people's Python inside your process: a pool of subinterpreters, halted, limited and rewound at will."""

from __future__ import annotations

from ._pool import RunHandle
from .capabilities import Capabilities, capabilities
from .config import WorkerPoolConfig
from .enclave import Enclave
from .errors import (
    EnclaveError,
    EnclaveUsageError,
    ExecutionAbortedError,
    GuestError,
    PoolClosedError,
    QueueFullError,
    QueueTimeoutError,
    UnsupportedPlatformError,
    WorkerStartupError,
)
from .oneshot import run
from .presets import LevelLimits, SecurityLevel, WorkerPoolPresets
from .result import ErrorCode, ErrorInfo, RecycleReason, RunResult, RunStats
from .stats import PoolStats
from .worker import WorkerInfo

__version__ = "0.1.0"

__all__ = [
    "Capabilities",
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
    "UnsupportedPlatformError",
    "WorkerInfo",
    "WorkerPoolConfig",
    "WorkerPoolPresets",
    "WorkerStartupError",
    "__version__",
    "capabilities",
    "run",
]
