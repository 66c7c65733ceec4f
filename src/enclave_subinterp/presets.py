"""The two preset tables: what a security level limits, and the pool that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, final

from .config import MB, WorkerPoolConfig

__all__ = ["LevelLimits", "SecurityLevel", "WorkerPoolPresets"]

_KB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLimits:
    """What a security level limits where the caller says nothing else.

    Attributes:
        timeout: seconds of wall clock for a run.
        max_tool_calls: tool calls of one run.
        max_iterations: loop turns of one run; None does not count.
        max_output_calls: writes to stdout and stderr of one run.
        max_output_bytes: bytes of them.
        strip_paths: stack traces carry no path of the host.
        block_clocks: clocks and timing functions are not to be had.
        refuse_unbounded_while: a ``while`` without a bound is a VALIDATION_ERROR.
        refuse_confusables: confusable unicode is a VALIDATION_ERROR.
    """

    timeout: float
    max_tool_calls: int
    max_iterations: int | None
    max_output_calls: int
    max_output_bytes: int
    strip_paths: bool
    block_clocks: bool
    refuse_unbounded_while: bool
    refuse_confusables: bool


class SecurityLevel(StrEnum):
    """How far a script is trusted; what a level limits is in its `limits`.

    Attributes:
        STRICT: least; for what users or language models wrote.  No clocks, 1,000 loop turns.
        SECURE: little; the same checks with wider limits.
        STANDARD: the default; any program that only computes and calls tools runs as it is.
        PERMISSIVE: most; the limits are wide, the layers of the sandbox are the same.
    """

    STRICT = "STRICT"
    SECURE = "SECURE"
    STANDARD = "STANDARD"
    PERMISSIVE = "PERMISSIVE"

    @property
    def limits(self) -> LevelLimits:
        """This level's limits."""
        return _LIMITS[self]

    @property
    def pool_config(self) -> WorkerPoolConfig:
        """The pool preset of the same name."""
        return _POOLS[self]


@final
class WorkerPoolPresets:
    """The pool configurations of the security levels, each a `WorkerPoolConfig`.

    Attributes:
        STRICT: 2 to 4 workers of 64 MB each, replaced after 100 scripts.
        SECURE: 2 to 8 workers of 128 MB each, replaced after 500 scripts.
        STANDARD: 2 to 16 workers of 256 MB each, replaced after 1,000 scripts.
        PERMISSIVE: 4 to 32 workers of 512 MB each, replaced after 5,000 scripts.
    """

    STRICT: Final = WorkerPoolConfig(
        min_workers=2,
        max_workers=4,
        memory_limit_per_worker=64 * MB,
        max_executions_per_worker=100,
        max_queue_size=20,
        max_messages_per_second=100,
        max_pending_tool_calls=10,
        max_message_size=1 * MB,
        idle_timeout=15.0,
        queue_timeout=10.0,
        graceful_shutdown_timeout=2.0,
        memory_check_interval=0.5,
    )
    SECURE: Final = WorkerPoolConfig(
        min_workers=2,
        max_workers=8,
        memory_limit_per_worker=128 * MB,
        max_executions_per_worker=500,
        max_queue_size=50,
        max_messages_per_second=500,
        max_pending_tool_calls=50,
        max_message_size=4 * MB,
        idle_timeout=30.0,
        queue_timeout=20.0,
        graceful_shutdown_timeout=3.0,
        memory_check_interval=1.0,
    )
    STANDARD: Final = WorkerPoolConfig(
        min_workers=2,
        max_workers=16,
        memory_limit_per_worker=256 * MB,
        max_executions_per_worker=1_000,
        max_queue_size=100,
        max_messages_per_second=1_000,
        max_pending_tool_calls=100,
        max_message_size=16 * MB,
        idle_timeout=30.0,
        queue_timeout=30.0,
        graceful_shutdown_timeout=5.0,
        memory_check_interval=1.0,
    )
    PERMISSIVE: Final = WorkerPoolConfig(
        min_workers=4,
        max_workers=32,
        memory_limit_per_worker=512 * MB,
        max_executions_per_worker=5_000,
        max_queue_size=500,
        max_messages_per_second=5_000,
        max_pending_tool_calls=1_000,
        max_message_size=64 * MB,
        idle_timeout=60.0,
        queue_timeout=60.0,
        graceful_shutdown_timeout=10.0,
        memory_check_interval=2.0,
    )


_POOLS: Final[Mapping[SecurityLevel, WorkerPoolConfig]] = MappingProxyType(
    {
        SecurityLevel.STRICT: WorkerPoolPresets.STRICT,
        SecurityLevel.SECURE: WorkerPoolPresets.SECURE,
        SecurityLevel.STANDARD: WorkerPoolPresets.STANDARD,
        SecurityLevel.PERMISSIVE: WorkerPoolPresets.PERMISSIVE,
    }
)

_LIMITS: Final[Mapping[SecurityLevel, LevelLimits]] = MappingProxyType(
    {
        SecurityLevel.STRICT: LevelLimits(
            timeout=5.0,
            max_tool_calls=10,
            max_iterations=1_000,
            max_output_calls=100,
            max_output_bytes=64 * _KB,
            strip_paths=True,
            block_clocks=True,
            refuse_unbounded_while=True,
            refuse_confusables=True,
        ),
        SecurityLevel.SECURE: LevelLimits(
            timeout=15.0,
            max_tool_calls=50,
            max_iterations=5_000,
            max_output_calls=500,
            max_output_bytes=256 * _KB,
            strip_paths=True,
            block_clocks=False,
            refuse_unbounded_while=True,
            refuse_confusables=True,
        ),
        SecurityLevel.STANDARD: LevelLimits(
            timeout=30.0,
            max_tool_calls=100,
            max_iterations=None,
            max_output_calls=1_000,
            max_output_bytes=1 * MB,
            strip_paths=False,
            block_clocks=False,
            refuse_unbounded_while=False,
            refuse_confusables=False,
        ),
        SecurityLevel.PERMISSIVE: LevelLimits(
            timeout=60.0,
            max_tool_calls=1_000,
            max_iterations=None,
            max_output_calls=10_000,
            max_output_bytes=10 * MB,
            strip_paths=False,
            block_clocks=False,
            refuse_unbounded_while=False,
            refuse_confusables=False,
        ),
    }
)
