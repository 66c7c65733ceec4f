"""The worker pool as WorkerPoolPresets.STRICT has it, over real workers: bounds, recycling, callbacks, health.

When things happen on the pool's own clock is tested in tests/unit/test_pool.py, with a clock that does not run.  Where
a time has to be over here, it is short, and what must follow is waited for.
"""

import queue
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from enclave_subinterp import (
    Enclave,
    EnclaveUsageError,
    ErrorCode,
    PoolStats,
    QueueFullError,
    QueueTimeoutError,
    RecycleReason,
    RunHandle,
    WorkerPoolConfig,
    WorkerPoolPresets,
)

WAIT = 20.0  # seconds after which something that must happen has not happened
STRICT = WorkerPoolPresets.STRICT
ENDLESS = "sum(iter(int, 1))"


class Hold:
    """A tool that keeps its worker until it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.let_go = threading.Event()

    def __call__(self, name: str, args: dict[str, Any]) -> None:
        self.entered.release()
        assert self.let_go.wait(WAIT)

    def take(self, enclave: Enclave, count: int) -> list[RunHandle]:
        """Keep so many workers busy."""
        handles = [enclave.submit("call_tool('hold', {})") for _ in range(count)]
        for _ in handles:
            assert self.entered.acquire(timeout=WAIT)
        return handles


@pytest.fixture
def hold() -> Iterator[Hold]:
    tool = Hold()
    yield tool
    tool.let_go.set()  # whatever went wrong, no thread of a handler stays behind


class Told:
    """Hears of recycled workers."""

    def __init__(self) -> None:
        self._heard: queue.Queue[RecycleReason] = queue.Queue()
        self.config = replace(STRICT, on_worker_recycled=self._heard.put)

    def next(self) -> RecycleReason:
        return self._heard.get(timeout=WAIT)

    def rest(self) -> list[RecycleReason]:
        return [self._heard.get() for _ in range(self._heard.qsize())]


@pytest.fixture
def told() -> Told:
    return Told()


def strict(config: WorkerPoolConfig = STRICT, **options: Any) -> Enclave:
    return Enclave(security_level="STRICT", worker_pool_config=config, **options)


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_two_workers_at_rest_four_under_load_and_twenty_scripts_wait(hold: Hold) -> None:
    with strict(tool_handler=hold) as enclave:
        assert (enclave.stats().total_workers, enclave.stats().idle_workers) == (2, 2)
        held = hold.take(enclave, 4)
        waiting = [enclave.submit(str(number)) for number in range(20)]
        stats = enclave.stats()
        assert (stats.active_workers, stats.idle_workers, stats.total_workers, stats.queue_depth) == (
            4,
            0,
            4,
            20,
        )
        for refused in (enclave.submit, enclave.run):
            with pytest.raises(
                QueueFullError, match=r"4 workers are busy and 20 scripts wait; max_queue_size is 20"
            ):
                refused("the 21st")
        hold.let_go.set()
        assert [handle.result(WAIT).success for handle in held] == [True] * 4
        assert [handle.result(WAIT).value for handle in waiting] == list(range(20))


def test_a_script_waits_no_longer_than_it_may(hold: Hold) -> None:
    with strict(replace(STRICT, queue_timeout=0.05), tool_handler=hold) as enclave:
        held = hold.take(enclave, 4)
        submitted = [enclave.submit("'never'") for _ in range(3)]
        with pytest.raises(QueueTimeoutError) as caught:
            enclave.run("'never'")
        errors = [caught.value]
        for handle in submitted:
            with pytest.raises(QueueTimeoutError) as late:
                handle.result(WAIT)
            errors.append(late.value)
        assert all(error.waited >= error.queue_timeout == 0.05 for error in errors)
        hold.let_go.set()
        assert [handle.result(WAIT).success for handle in held] == [True] * 4
        assert enclave.stats().total_executions == 4


def test_workers_stay_within_their_bounds_and_serve_a_hundred_scripts_each(told: Told) -> None:
    """GIVEN eight threads of a host WHEN they run a thousand scripts THEN 2 to 4 workers live, each for 100 scripts."""
    served: list[int] = []
    seen: set[int] = set()

    def work() -> None:
        for _ in range(125):
            served.append(enclave.run("1").stats.worker_id)
            seen.add(enclave.stats().total_workers)

    with strict(told.config) as enclave:
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        stats = enclave.stats()
        counts = Counter(served)
        used_up = [worker for worker, count in counts.items() if count == 100]
        assert (stats.total_executions, stats.successful_executions) == (1000, 1000)
        assert max(counts.values()) == 100
        assert {2, 3, 4} >= seen
        assert told.rest() == [RecycleReason.MAX_EXECUTIONS] * len(used_up)
        assert stats.worker_recycles == len(used_up)
        assert {worker.id for worker in enclave.workers()}.isdisjoint(used_up)


def test_idle_workers_above_two_end(told: Told, hold: Hold) -> None:
    with strict(replace(told.config, idle_timeout=0.02), tool_handler=hold) as enclave:
        held = hold.take(enclave, 4)
        hold.let_go.set()
        for handle in held:
            handle.result(WAIT)
        assert [told.next(), told.next()] == [RecycleReason.IDLE] * 2
        assert enclave.stats().total_workers == 2
        assert enclave.run("'there'").value == "there"
    assert told.rest() == [RecycleReason.SHUTDOWN] * 2


# --- recycling ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        (ENDLESS, RecycleReason.TIMEOUT, ErrorCode.TIMEOUT),
        (
            "[bytearray(1 << 20) for _ in range(100)]",
            RecycleReason.MEMORY_LIMIT,
            ErrorCode.MEMORY_LIMIT_EXCEEDED,
        ),
        ("import os\nos.abort()", RecycleReason.CRASH, ErrorCode.WORKER_CRASHED),
        ("for _ in range(200): print(1)", RecycleReason.MESSAGE_FLOOD, ErrorCode.OUTPUT_LIMIT),
        ("for _ in range(20): call_tool('t', {})", RecycleReason.ABORTED, ErrorCode.MAX_TOOL_CALLS),
    ],
)
def test_each_reason(told: Told, code: str, reason: RecycleReason, error: ErrorCode) -> None:
    with strict(told.config, tool_handler=lambda name, args: None, allowed_modules={"os"}) as enclave:
        result = enclave.run(code, timeout=0.05 if reason is RecycleReason.TIMEOUT else None)
        assert result.error is not None
        assert result.error.code is error
        assert told.next() is reason
        assert enclave.run("'next'").value == "next"
        stats = enclave.stats()
        assert (stats.worker_recycles, stats.total_executions, stats.failed_executions) == (1, 2, 1)
        assert 2 <= stats.total_workers <= 4


def test_a_killed_script(told: Told, hold: Hold) -> None:
    with strict(told.config, tool_handler=hold) as enclave:
        handle = enclave.submit("call_tool('hold', {})\n" + ENDLESS)
        assert hold.entered.acquire(timeout=WAIT)
        hold.let_go.set()
        assert handle.kill()
        error = handle.result(WAIT).error
        assert error is not None
        assert error.code is ErrorCode.ABORTED
        assert told.next() is RecycleReason.ABORTED


def test_a_worker_that_was_lost_unseen(told: Told) -> None:
    """GIVEN a worker whose slot ended behind the pool's back WHEN a script comes THEN another worker serves it."""
    with strict(replace(told.config, min_workers=1, max_workers=1)) as enclave:
        assert enclave.run("1").value == 1
        assert enclave._pool is not None
        (worker,) = enclave._pool.staff.workers
        worker._slot.close(WAIT)  # type: ignore[attr-defined]
        assert enclave.run("'other'").value == "other"
        assert told.next() is RecycleReason.ERROR
        assert (enclave.stats().worker_recycles, enclave.stats().total_workers) == (1, 1)


def test_a_worker_whose_kept_state_grows(told: Told) -> None:
    config = replace(told.config, min_workers=1, max_workers=1, memory_check_interval=0.02)
    with strict(config, pristine=False) as enclave:
        enclave.run("kept = bytearray(32 << 20)").unwrap()
        assert enclave.run("len(kept)").value == 32 << 20, "half of the limit is not too much"
        enclave.run("more = bytearray(16 << 20)").unwrap()
        assert told.next() is RecycleReason.MEMORY_LIMIT
        forgotten = enclave.run("kept").error
        assert forgotten is not None
        assert forgotten.name == "NameError"
        stats = enclave.stats()
        assert (stats.worker_recycles, stats.memory_kills) == (1, 0)
        assert stats.max_worker_memory < 32 << 20


def test_a_spare_worker_serves_next(told: Told) -> None:
    config = replace(told.config, min_workers=1, max_workers=1, spare_workers=1)
    with strict(config, allowed_modules={"os"}) as enclave:
        for thread in threading.enumerate():
            if thread.name == "enclave-upkeep":
                thread.join(WAIT)  # it ends when there is nothing more to do
        (spare,) = (worker for worker in enclave.workers() if worker.state == "spare")
        assert enclave.stats().total_workers == 1
        enclave.run("import os\nos.abort()")
        assert told.next() is RecycleReason.CRASH
        assert enclave.run("1").stats.worker_id == spare.id


# --- health -----------------------------------------------------------------------------------------------------------


def test_reports_come_while_scripts_run() -> None:
    reports: queue.Queue[tuple[PoolStats, str]] = queue.Queue()

    def report(stats: PoolStats) -> None:
        reports.put((stats, threading.current_thread().name))
        raise LookupError("hurts nothing")

    with strict(replace(STRICT, stats_interval=0.02, on_stats_update=report)) as enclave:
        enclave.run("1")
        while (heard := reports.get(timeout=WAIT))[0].total_executions < 1:
            pass
        assert heard[0].total_workers == 2
        assert heard[0].max_worker_memory > 0
        assert heard[1] != threading.current_thread().name
        assert enclave.run("2").value == 2


def test_workers_show_themselves_as_interpreters(hold: Hold) -> None:
    with strict(tool_handler=hold) as enclave:
        hold.take(enclave, 1)
        shown = enclave.workers()
        assert sorted((worker.state, worker.executions) for worker in shown) == [("active", 1), ("idle", 0)]
        assert all(0 < worker.memory < STRICT.memory_limit_per_worker for worker in shown)
        for worker in shown:
            interpreter = worker.interpreter()
            assert interpreter.id == worker.interpreter_id
            assert interpreter == worker.interpreter()
            assert not interpreter.is_running()
            with pytest.raises(Exception, match=f"interpreter {interpreter.id}"):
                interpreter.exec("1")
            with pytest.raises(Exception, match=f"interpreter {interpreter.id}"):
                interpreter.close()
            del interpreter
        hold.let_go.set()
        assert [enclave.run("1").value for _ in range(4)] == [1] * 4
    assert enclave.workers() == []
    with pytest.raises(EnclaveUsageError, match="has ended"):
        shown[0].interpreter()


@pytest.mark.parametrize("spares", [0, 3])
def test_fork_and_exit_with_everything_switched_on(spares: int) -> None:
    """GIVEN reports, idle ends, spare workers just starting WHEN the process forks THEN both exit as they should."""
    script = f"""
import os, threading, warnings
from dataclasses import replace
from enclave_subinterp import *
warnings.simplefilter("ignore", DeprecationWarning)
heard = threading.Event()
config = replace(WorkerPoolPresets.STRICT, stats_interval=0.01, spare_workers={spares}, idle_timeout=0.05,
                 min_workers=1, on_stats_update=lambda stats: heard.set(), on_worker_recycled=lambda reason: None)
codes = []
for _ in range(10):
    enclave = Enclave(worker_pool_config=config)
    assert enclave.run("1").value == 1
    pid = os.fork()
    if not pid:
        try:
            enclave.workers()
        except EnclaveUsageError:
            raise SystemExit(0)
        os._exit(3)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    assert heard.wait(20) and enclave.run("7").value == 7
    if len(codes) < 10:
        enclave.close()
print(*codes)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, ["0"] * 10), done.stderr
