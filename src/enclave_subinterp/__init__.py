"""Runs other people's Python inside your process: a pool of subinterpreters, halted, limited and rewound at will."""

from __future__ import annotations

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

__version__ = "0.1.0"

__all__ = [
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
    "WorkerPoolConfig",
    "WorkerPoolPresets",
    "WorkerStartupError",
    "__version__",
    "capabilities",
    "run",
]
