"""What the pool is tested with: a clock that the test moves, workers that are no interpreters, a bench to hold them."""

import math
import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from enclave_subinterp import (
    ErrorCode,
    ErrorInfo,
    PoolStats,
    RecycleReason,
    RunHandle,
    RunResult,
    WorkerPoolPresets,
    WorkerStartupError,
)
from enclave_subinterp._adapters import Abort, Job, Outcome, WorkerLost
from enclave_subinterp._pool import Pool

WAIT = 20.0  # seconds after which something that must happen has not happened
MB = 1024 * 1024


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = 1000.0
        self._changed = threading.Condition()
        self._sleepers: dict[threading.Condition, float] = {}
        self._gates: dict[threading.Lock, float] = {}

    def now(self) -> float:
        return self.time

    def acquire(self, gate: threading.Lock, timeout: float) -> bool:
        if timeout <= 0:
            return gate.acquire(blocking=False)
        due = self.time + timeout
        with self._changed:
            self._gates[gate] = due
            self._changed.notify_all()
        assert gate.acquire(timeout=WAIT)
        with self._changed:
            return self._gates.pop(gate, None) is not None  # else it was opened because time was over

    def wait(self, condition: threading.Condition, timeout: float) -> None:
        with self._changed:
            self._sleepers[condition] = self.time + timeout
            self._changed.notify_all()
        assert condition.wait(WAIT)
        with self._changed:
            del self._sleepers[condition]

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass."""
        with self._changed:
            self.time += seconds
            woken = [condition for condition, due in self._sleepers.items() if due <= self.time]
            for gate in [gate for gate, due in self._gates.items() if due <= self.time]:
                del self._gates[gate]
                gate.release()
        for condition in woken:
            with condition:
                condition.notify_all()

    def sleeping(self, seconds: float) -> None:
        """Wait until a thread of the pool sleeps for just that many seconds from now."""
        self._see(lambda: self.time + seconds in self._sleepers.values(), f"{seconds} s")

    def queued(self, count: int) -> None:
        """Wait until so many blocking callers stand in the queue."""
        self._see(lambda: len(self._gates) == count, f"{count} callers")

    def _see(self, there: Callable[[], bool], what: str) -> None:
        with self._changed:
            seen = self._changed.wait_for(there, WAIT)
            assert seen, f"expected {what}; now {self.time}, asleep until {self._sleepers}, {self._gates}"


class Worker:
    """A worker whose scripts are a word that says what becomes of them."""

    def __init__(self, number: int, held: "queue.Queue[Worker]") -> None:
        self.id = number
        self._held = held
        self.interpreter_id: int | None = 100 + number
        self.executions = 0
        self.idle = True
        self.lost = False
        self.broken = False  # it will turn out to be unusable
        self.held = 8 * MB
        self.closed = threading.Event()
        self.served: list[str] = []
        self.job: Job | None = None
        self.go_on = threading.Event()
        self.maker = threading.get_ident()

    def wait_ready(self, timeout: float) -> None:
        if self.broken:
            self.lost = True
            raise WorkerStartupError("as the test wants it")

    def run(self, job: Job) -> None:
        if self.broken:
            self.lost = True
            raise WorkerLost("as the test wants it")
        word = job.request.decode()
        self.served.append(word)
        self.executions += 1
        job.started = True
        job.run_id = self.executions
        self.job = job
        if word == "hold":
            self._held.put(self)
            assert self.go_on.wait(WAIT)
            self.go_on.clear()
        if job.abort is not None:
            job.outcome = failed(ErrorCode.ABORTED, RecycleReason.ABORTED, halted=True)
        elif word in RecycleReason.__members__:
            self.lost = word == RecycleReason.CRASH
            job.outcome = failed(ErrorCode.EXECUTION_ERROR, RecycleReason(word), halted=not self.lost)
        else:
            job.outcome = Outcome(RunResult(True, (self.id, word)))

    def abort(self, job: Job, reason: Abort) -> bool:
        if job.outcome is not None:
            return False
        job.abort = reason
        self.go_on.set()
        return True

    def memory(self) -> int:
        return self.held

    def close(self, timeout: float) -> bool:
        self.lost = True
        self.go_on.set()
        self.closed.set()
        return True


def failed(code: ErrorCode, reason: RecycleReason, *, halted: bool) -> Outcome:
    return Outcome(RunResult(False, None, ErrorInfo("Error", "", code)), reason, halted)


class Adapter:
    """Makes such workers, as long as it may."""

    def __init__(self, keeps_state: bool = False) -> None:
        self.keeps_state = keeps_state
        self.workers: list[Worker] = []
        self.made: queue.Queue[Worker] = queue.Queue()
        self.held: queue.Queue[Worker] = queue.Queue()
        self.refuse = False

    def create_worker(self) -> Worker:
        if self.refuse:
            self.made.put(Worker(0, self.held))
            raise WorkerStartupError("no more, says the test")
        worker = Worker(len(self.workers) + 1, self.held)
        self.workers.append(worker)
        self.made.put(worker)
        return worker

    def make_queue(self) -> None:
        """They take one job at a time."""

    def aborted(self, reason: Abort) -> Outcome:
        return Outcome(RunResult(False, None, ErrorInfo("AbortedError", reason.value, ErrorCode.ABORTED)))

    def close(self, timeout: float) -> bool:
        """There is nothing beside the workers."""
        return True


class Bench:
    """A pool, what it is made of and what it told."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.adapter = Adapter()
        self.reasons: queue.Queue[RecycleReason] = queue.Queue()
        self.reports: queue.Queue[PoolStats] = queue.Queue()
        self.pool: Pool

    def open(self, **fields: Any) -> Pool:
        keeps_state = fields.pop("keeps_state", False)
        self.adapter = Adapter(keeps_state)
        base = replace(WorkerPoolPresets.STRICT, on_worker_recycled=self.reasons.put)
        self.pool = Pool(self.adapter, replace(base, **fields), self.clock)
        return self.pool

    def run(self, word: str = "ok") -> RunResult:
        return self.pool.run(Job(word.encode(), math.inf))

    def submit(self, word: str = "ok") -> RunHandle:
        return self.pool.submit(Job(word.encode(), math.inf), None)

    def hold(self) -> tuple[Worker, RunHandle]:
        """Keep a worker busy."""
        handle = self.submit("hold")
        return self.adapter.held.get(timeout=WAIT), handle

    def hold_all(self, count: int) -> list[tuple[Worker, RunHandle]]:
        """Keep so many workers busy."""
        return [self.hold() for _ in range(count)]

    def let_go(self, *held: tuple[Worker, RunHandle]) -> None:
        """Let busy workers come back; they have when this returns."""
        for worker, handle in held:
            worker.go_on.set()
            handle.result(WAIT)

    def told(self, count: int = 1) -> list[RecycleReason]:
        return [self.reasons.get(timeout=WAIT) for _ in range(count)]

    @property
    def upkeep(self) -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "enclave-upkeep"]

    def upkeep_ends(self) -> None:
        """The maintenance thread goes by itself, having nothing to wait for."""
        for thread in self.upkeep:
            thread.join(WAIT)
        assert self.upkeep == []
