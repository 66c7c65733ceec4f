"""What a pool is doing and has done."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PoolStats"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolStats:
    """A snapshot of a pool; counters run from the pool's start.

    Attributes:
        active_workers: workers that serve a script, or are being made.
        idle_workers: workers that wait for a script.
        total_workers: active and idle ones; spare workers are counted nowhere.
        queue_depth: scripts that wait for a worker.
        total_executions: scripts that ended, however they did.
        successful_executions: those that came to a value.
        failed_executions: all the others.
        timeout_executions: those ended by a time limit, of the wall clock or of the processor.
        memory_kills: those ended by the memory limit.
        forced_terminations: those halted for any reason (time, memory, flood, kill, close).
        contained_crashes: native crashes (SIGSEGV and its like) that the core contained.
        worker_recycles: how often a worker's state was thrown away outside the ordinary course.
        condemned_slots: workers that could not be ended and were parked.
        avg_execution_time: mean duration of a script in seconds; 0.0 before the first.
        avg_worker_memory: mean bytes held by the living workers now.
        max_worker_memory: bytes held by the largest of them now.
        timestamp: when the snapshot was taken, in seconds since the epoch (``time.time``).
        restart_advised: half of the `max_condemned` slots are condemned, or one if there may be none: restart the
            process when it suits.  With more than `max_condemned` the pool starts no new worker.
    """

    active_workers: int = 0
    idle_workers: int = 0
    total_workers: int = 0
    queue_depth: int = 0
    total_executions: int = 0
    successful_executions: int = 0
    failed_executions: int = 0
    timeout_executions: int = 0
    memory_kills: int = 0
    forced_terminations: int = 0
    contained_crashes: int = 0
    worker_recycles: int = 0
    condemned_slots: int = 0
    avg_execution_time: float = 0.0
    avg_worker_memory: float = 0.0
    max_worker_memory: int = 0
    timestamp: float = 0.0
    restart_advised: bool = False
