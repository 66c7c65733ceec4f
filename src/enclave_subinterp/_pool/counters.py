"""The pool's running figures; every field is guarded by the pool's lock."""

from __future__ import annotations

import time
from collections.abc import Sequence

from .._adapters import Outcome
from ..result import ErrorCode, RecycleReason
from ..stats import PoolStats

__all__ = ["Counters"]


class Counters:
    """What the pool has counted since its start."""

    __slots__ = (
        "crashes",
        "executions",
        "forced",
        "memory_kills",
        "recycles",
        "seconds",
        "successes",
        "timeouts",
    )

    def __init__(self) -> None:
        self.executions = 0
        self.successes = 0
        self.timeouts = 0
        self.memory_kills = 0
        self.forced = 0
        self.crashes = 0
        self.recycles = 0
        self.seconds = 0.0

    def count(self, outcome: Outcome) -> None:
        """Count one run that ended."""
        result = outcome.result
        self.executions += 1
        self.seconds += result.stats.duration
        if result.error is None:
            self.successes += 1
        else:
            code = result.error.code
            if code is ErrorCode.TIMEOUT or code is ErrorCode.CPU_LIMIT:
                self.timeouts += 1
        if outcome.halted:
            self.forced += 1
        if outcome.recycle is RecycleReason.MEMORY_LIMIT:
            self.memory_kills += 1
        elif outcome.recycle is RecycleReason.CRASH:
            self.crashes += 1

    def count_lost(self) -> None:
        """Count one run whose end nobody saw: its caller was interrupted and its worker given up."""
        self.executions += 1
        self.forced += 1

    def snapshot(
        self,
        *,
        active: int,
        idle: int,
        total: int,
        queued: int,
        condemned: int,
        restart_advised: bool,
        memory: Sequence[int],
    ) -> PoolStats:
        """The public figures; `memory` is what each living worker holds."""
        return PoolStats(
            active_workers=active,
            idle_workers=idle,
            total_workers=total,
            queue_depth=queued,
            total_executions=self.executions,
            successful_executions=self.successes,
            failed_executions=self.executions - self.successes,
            timeout_executions=self.timeouts,
            memory_kills=self.memory_kills,
            forced_terminations=self.forced,
            contained_crashes=self.crashes,
            worker_recycles=self.recycles,
            condemned_slots=condemned,
            avg_execution_time=self.seconds / self.executions if self.executions else 0.0,
            avg_worker_memory=sum(memory) / len(memory) if memory else 0.0,
            max_worker_memory=max(memory, default=0),
            timestamp=time.time(),
            restart_advised=restart_advised,
        )
