"""The pool over workers that are no interpreters and a clock that the test moves: each step where it belongs.

Nothing here waits for time to pass.  `Clock.sleeping` waits until the pool's maintenance thread sleeps until a given
moment, which says both that it has done what was due and that it will not wake before there is something to do.
"""

import logging
import math
import queue
import threading
import time
from typing import ClassVar

import pytest

from enclave_subinterp import (
    ErrorCode,
    PoolClosedError,
    PoolStats,
    QueueFullError,
    QueueTimeoutError,
    RecycleReason,
    WorkerPoolConfig,
    WorkerStartupError,
)
from enclave_subinterp._adapters import Job
from enclave_subinterp._pool import Pool
from tests.unit.pool_bench import MB, WAIT, Adapter, Bench

LIMIT = 64 * MB


def counts(stats: PoolStats) -> tuple[int, int, int, int]:
    return stats.active_workers, stats.idle_workers, stats.total_workers, stats.queue_depth


# --- start and growth ------------------------------------------------------------------------------------------------


def test_the_minimum_is_there_at_the_start(bench: Bench) -> None:
    assert counts(bench.open().stats()) == (0, 2, 2, 0)
    assert bench.upkeep == [], "a pool that rests has nothing to wait for"


def test_a_cold_start(bench: Bench) -> None:
    assert counts(bench.open(warm_on_init=False).stats()) == (0, 0, 0, 0)
    assert bench.run().value == (1, "ok")
    assert counts(bench.pool.stats()) == (0, 1, 1, 0)


def test_workers_come_with_load_up_to_the_maximum(bench: Bench) -> None:
    bench.open()
    seen = []
    for _ in range(4):
        bench.hold()
        seen.append(counts(bench.pool.stats()))
    assert seen == [(1, 1, 2, 0), (2, 0, 2, 0), (3, 0, 3, 0), (4, 0, 4, 0)]
    bench.submit()
    assert counts(bench.pool.stats()) == (4, 0, 4, 1)


def test_the_last_used_worker_that_is_ready_serves(bench: Bench) -> None:
    """GIVEN the last used worker still rewinding WHEN a script comes THEN the other one serves it."""
    bench.open()
    assert bench.run().value == bench.run().value
    last = bench.run().value[0]
    bench.adapter.workers[last - 1].idle = False
    assert bench.run().value[0] != last


def test_workers_are_shown(bench: Bench) -> None:
    bench.open(spare_workers=1)
    assert bench.adapter.made.get(timeout=WAIT)
    bench.upkeep_ends()
    bench.hold()
    shown = {worker.id: (worker.state, worker.executions, worker.memory) for worker in bench.pool.workers()}
    assert sorted(shown.values()) == [("active", 1, 8 * MB), ("idle", 0, 8 * MB), ("spare", 0, 8 * MB)]
    assert {worker.interpreter_id for worker in bench.pool.workers()} == {100 + number for number in shown}


# --- idleness --------------------------------------------------------------------------------------------------------


def test_idle_workers_above_the_minimum_end(bench: Bench) -> None:
    """GIVEN four workers where two are kept WHEN idle_timeout is over THEN the two that rested longest end."""
    bench.open(idle_timeout=15.0)
    held = bench.hold_all(4)
    for one in held:  # they come to rest one second after another
        bench.let_go(one)
        bench.clock.advance(1.0)
    bench.clock.sleeping(11.0)
    bench.clock.advance(10.0)
    assert bench.pool.stats().total_workers == 4
    bench.clock.advance(1.0)
    assert bench.told() == [RecycleReason.IDLE]
    bench.clock.sleeping(1.0)
    bench.clock.advance(1.0)
    assert bench.told() == [RecycleReason.IDLE]
    bench.upkeep_ends()
    assert [worker.closed.is_set() for worker, _ in held] == [True, True, False, False]
    bench.clock.advance(1000.0)
    assert counts(bench.pool.stats()) == (0, 2, 2, 0)
    assert bench.pool.stats().worker_recycles == 2


def test_a_worker_that_is_used_does_not_end(bench: Bench) -> None:
    bench.open(min_workers=0, max_workers=1, idle_timeout=15.0)
    bench.run()
    bench.clock.sleeping(15.0)
    for _ in range(5):
        bench.clock.advance(14.0)
        bench.run()  # one second before the end
        bench.clock.advance(1.0)
        bench.clock.sleeping(14.0)
    assert len(bench.adapter.workers) == 1
    bench.clock.advance(14.0)
    assert bench.told() == [RecycleReason.IDLE]
    assert bench.run().value == (2, "ok")


def test_never_idle_for_too_long(bench: Bench) -> None:
    bench.open(min_workers=0, idle_timeout=math.inf)
    bench.run()
    assert bench.upkeep == []


# --- the queue -------------------------------------------------------------------------------------------------------


def test_the_queue_is_full(bench: Bench) -> None:
    bench.open()
    bench.hold_all(4)
    handles = [bench.submit(str(number)) for number in range(20)]
    for refused in (bench.run, bench.submit):
        with pytest.raises(QueueFullError, match="all 4 workers are busy and 20 scripts wait") as caught:
            refused("21st")
        assert (caught.value.queue_depth, caught.value.max_queue_size) == (20, 20)
    assert handles[7].kill()
    assert bench.submit("21st").running() is False


def test_submitted_scripts_wait_no_longer_than_they_may(bench: Bench) -> None:
    bench.open(max_workers=2, queue_timeout=10.0)
    bench.hold_all(2)
    first = bench.submit("first")
    bench.clock.advance(4.0)
    second = bench.submit("second")
    bench.clock.sleeping(6.0)
    bench.clock.advance(6.0)
    with pytest.raises(
        QueueTimeoutError, match=r"within 10\.00 s \(queue_timeout is 10 s, max_workers 2\)"
    ) as caught:
        first.result(WAIT)
    assert (caught.value.waited, caught.value.queue_timeout) == (10.0, 10.0)
    assert not first.kill()
    bench.clock.sleeping(4.0)
    assert not second.done()
    bench.clock.advance(4.0)
    with pytest.raises(QueueTimeoutError):
        second.result(WAIT)
    bench.upkeep_ends()
    assert [worker.served for worker in bench.adapter.workers] == [["hold"], ["hold"]]


def test_a_blocking_caller_waits_no_longer_than_it_may(bench: Bench) -> None:
    bench.open(max_workers=2, queue_timeout=10.0)
    bench.hold_all(2)
    told: queue.Queue[Exception] = queue.Queue()

    def call() -> None:
        with pytest.raises(QueueTimeoutError) as caught:
            bench.run("late")
        told.put(caught.value)

    thread = threading.Thread(target=call)
    thread.start()
    bench.clock.queued(1)
    assert bench.pool.stats().queue_depth == 1
    bench.clock.advance(9.0)
    assert told.empty()
    bench.clock.advance(1.5)
    error = told.get(timeout=WAIT)
    thread.join(WAIT)
    assert isinstance(error, QueueTimeoutError)
    assert (error.waited, error.queue_timeout) == (10.5, 10.0)
    assert bench.pool.stats().queue_depth == 0


def test_first_in_first_out_whoever_waits(bench: Bench) -> None:
    bench.open(min_workers=1, max_workers=1)
    held = bench.hold()
    threads = []
    handles = []
    for number in range(6):
        if number % 2:
            handles.append(bench.submit(str(number)))
        else:
            thread = threading.Thread(target=bench.run, args=(str(number),))
            thread.start()
            threads.append(thread)
            bench.clock.queued(len(threads))
    bench.let_go(held)
    for handle in handles:
        handle.result(WAIT)
    for thread in threads:
        thread.join(WAIT)
    assert bench.adapter.workers[0].served == ["hold", *"012345"]


def test_no_waiting_at_all(bench: Bench) -> None:
    bench.open(max_workers=2, queue_timeout=0.0)
    bench.hold_all(2)
    with pytest.raises(QueueTimeoutError):
        bench.run()
    with pytest.raises(QueueTimeoutError):
        bench.submit().result(WAIT)


@pytest.mark.parametrize("how", ["CRASH", "broken"])
def test_a_worker_dies_and_nothing_is_lost_or_run_twice(bench: Bench, how: str) -> None:
    """GIVEN scripts that run and wait WHEN their workers die THEN each is answered, and was begun, once."""
    bench.open(min_workers=1, max_workers=1)
    held = bench.hold()
    broken = how == "broken"
    held[0].broken = broken  # found by the next script that it is given
    words = ["0", "1", "2"] if broken else ["0", "CRASH", "1", "CRASH", "2"]
    reasons = [RecycleReason.ERROR] if broken else [RecycleReason.CRASH] * 2
    handles = [bench.submit(word) for word in words]
    bench.let_go(held)
    assert [handle.result(WAIT).success for handle in handles] == [word != "CRASH" for word in words]
    assert [word for worker in bench.adapter.workers for word in worker.served] == ["hold", *words]
    assert bench.told(len(reasons)) == reasons
    stats = bench.pool.stats()
    assert (stats.total_executions, stats.worker_recycles) == (1 + len(words), len(reasons))


def test_workers_that_are_all_unusable(bench: Bench) -> None:
    """GIVEN a place where every worker turns out to be dead WHEN a script comes THEN it is told after three of them."""
    bench.open(min_workers=1, max_workers=1, spare_workers=2)
    assert [bench.adapter.made.get(timeout=WAIT).id for _ in range(3)] == [1, 2, 3]
    bench.upkeep_ends()
    for worker in bench.adapter.workers:
        worker.broken = worker.executions = True  # they were ready once
    with pytest.raises(WorkerStartupError, match="3 workers in a row were lost"):
        bench.run()
    assert bench.told(3) == [RecycleReason.ERROR] * 3
    assert bench.run().success
    assert counts(bench.pool.stats()) == (0, 1, 1, 0)


def test_whoever_waits_is_told_when_no_worker_can_be_had(bench: Bench) -> None:
    bench.open(min_workers=1, max_workers=1)
    held = bench.hold()
    crash, waiting = bench.submit("CRASH"), bench.submit()
    bench.adapter.refuse = True
    bench.let_go(held)
    assert crash.result(WAIT).error
    with pytest.raises(WorkerStartupError, match="no more, says the test"):
        waiting.result(WAIT)


# --- recycling -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reason",
    [reason for reason in RecycleReason if reason not in {RecycleReason.IDLE, RecycleReason.MAX_EXECUTIONS}],
)
def test_each_reason_is_told_and_counted(bench: Bench, reason: RecycleReason) -> None:
    bench.open(min_workers=1, max_workers=1)
    assert not bench.run(reason.value).success
    assert bench.told() == [reason]
    assert bench.run().success
    stats = bench.pool.stats()
    assert (stats.worker_recycles, stats.total_executions, stats.failed_executions) == (1, 2, 1)
    assert stats.memory_kills == (reason is RecycleReason.MEMORY_LIMIT)
    assert stats.contained_crashes == (reason is RecycleReason.CRASH)
    assert stats.forced_terminations == (reason is not RecycleReason.CRASH)
    assert len(bench.adapter.workers) == (2 if reason is RecycleReason.CRASH else 1)


def test_a_worker_is_replaced_after_its_executions(bench: Bench) -> None:
    bench.open(min_workers=1, max_workers=1, max_executions_per_worker=3)
    assert [bench.run().value[0] for _ in range(7)] == [1, 1, 1, 2, 2, 2, 3]
    assert bench.told(2) == [RecycleReason.MAX_EXECUTIONS] * 2
    assert bench.pool.stats().worker_recycles == 2
    assert bench.adapter.workers[0].closed.wait(WAIT)


def test_a_callback_that_raises_is_logged_and_hurts_nothing(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def recycled(reason: RecycleReason) -> None:
        bench.reasons.put(reason)
        raise LookupError(reason)

    bench.open(min_workers=0, max_workers=1, idle_timeout=15.0, on_worker_recycled=recycled)
    bench.run("TIMEOUT")
    bench.clock.sleeping(15.0)
    bench.clock.advance(15.0)
    assert bench.told(2) == [RecycleReason.TIMEOUT, RecycleReason.IDLE]
    assert bench.run().success
    bench.pool.close(0.0)
    raised = [record for record in caplog.records if record.message == "on_worker_recycled raised"]
    assert len(raised) == 3
    assert {record.name.split(".")[0] for record in caplog.records} == {"enclave_subinterp"}


# --- memory ----------------------------------------------------------------------------------------------------------


def test_an_idle_worker_whose_kept_state_grew_is_replaced(bench: Bench) -> None:
    bench.open(keeps_state=True)
    assert bench.upkeep == [], "nothing has run, so there is nothing to look at"
    first, handle = bench.hold()
    first.held = LIMIT * 3 // 4 + 1
    bench.let_go((first, handle))
    bench.clock.sleeping(0.5)
    bench.clock.advance(0.5)
    assert bench.told() == [RecycleReason.MEMORY_LIMIT]
    bench.upkeep_ends()
    assert first.closed.wait(WAIT)
    stats = bench.pool.stats()
    assert (counts(stats), stats.worker_recycles, stats.memory_kills) == ((0, 2, 2, 0), 1, 0)
    assert len(bench.adapter.workers) == 3


def test_the_memory_is_looked_at_as_long_as_scripts_run(bench: Bench) -> None:
    bench.open(keeps_state=True)
    for _ in range(3):
        bench.run()
        bench.clock.sleeping(0.5)
        bench.clock.advance(0.5)
        bench.upkeep_ends()
    assert bench.reasons.empty()


def test_a_busy_worker_that_held_too_much_is_replaced_when_it_comes_back(bench: Bench) -> None:
    bench.open(keeps_state=True, min_workers=1, max_workers=1)
    bench.run()
    held = bench.hold()
    worker = bench.adapter.workers[0]
    waiting = bench.submit("next")
    bench.clock.sleeping(0.5)
    worker.held = LIMIT
    bench.clock.advance(0.5)
    bench.clock.sleeping(9.5)  # the script in the queue
    assert bench.reasons.empty()
    bench.let_go(held)
    assert waiting.result(WAIT).value == (2, "next")
    assert bench.told() == [RecycleReason.MEMORY_LIMIT]


def test_a_busy_worker_that_gave_it_back_stays(bench: Bench) -> None:
    bench.open(keeps_state=True, min_workers=1, max_workers=1)
    bench.run()
    held = bench.hold()
    worker = bench.adapter.workers[0]
    bench.clock.sleeping(0.5)
    worker.held = LIMIT
    bench.clock.advance(0.5)
    bench.upkeep_ends()
    worker.held = LIMIT // 2
    bench.let_go(held)
    assert bench.run().value == (1, "ok")
    assert bench.reasons.empty()


# --- spare workers ---------------------------------------------------------------------------------------------------


def test_a_spare_worker_takes_the_place_of_a_lost_one(bench: Bench) -> None:
    bench.open(min_workers=1, max_workers=1, spare_workers=2)
    assert [bench.adapter.made.get(timeout=WAIT).id for _ in range(3)] == [1, 2, 3]
    bench.upkeep_ends()
    assert counts(bench.pool.stats()) == (0, 1, 1, 0)
    bench.run("CRASH")
    assert bench.run().value == (2, "ok")
    fresh = bench.adapter.made.get(timeout=WAIT)
    assert fresh.id == 4
    assert fresh.maker != threading.get_ident(), "made on the caller's path"
    bench.upkeep_ends()
    assert [worker.state for worker in bench.pool.workers()] == ["idle", "spare", "spare"]
    bench.clock.advance(1000.0)
    assert bench.upkeep == []


def test_a_spare_worker_serves_when_load_comes(bench: Bench) -> None:
    bench.open(spare_workers=1, max_workers=3)
    bench.adapter.made.get(timeout=WAIT)
    bench.upkeep_ends()
    assert sorted(worker.id for worker, _ in bench.hold_all(3)) == [1, 2, 3]
    assert [bench.adapter.made.get(timeout=WAIT).id for _ in range(3)] == [2, 3, 4]


def test_a_spare_worker_that_cannot_be_had_is_tried_again(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.open(spare_workers=1)
    assert [bench.adapter.made.get(timeout=WAIT).id for _ in range(3)] == [1, 2, 3]
    bench.upkeep_ends()
    bench.adapter.refuse = True
    bench.run("CRASH")
    for _ in range(3):
        bench.adapter.made.get(timeout=WAIT)
        bench.clock.sleeping(5.0)
        bench.clock.advance(5.0)
    bench.adapter.made.get(timeout=WAIT)
    bench.clock.sleeping(5.0)
    bench.adapter.refuse = False
    bench.clock.advance(5.0)
    assert bench.adapter.made.get(timeout=WAIT).id == 4
    bench.upkeep_ends()
    assert caplog.text.count("a spare worker could not be started: no more, says the test") == 1


# --- reports ---------------------------------------------------------------------------------------------------------


def test_reports_come_every_interval_on_a_thread_of_the_host(bench: Bench) -> None:
    threads: list[str] = []

    def report(stats: PoolStats) -> None:
        threads.append(threading.current_thread().name)
        bench.reports.put(stats)

    bench.open(on_stats_update=report, stats_interval=5.0)
    for number in range(1, 4):
        bench.run()
        bench.clock.sleeping(5.0)
        bench.clock.advance(4.0)
        assert bench.reports.empty()
        bench.clock.advance(1.0)
        stats = bench.reports.get(timeout=WAIT)
        assert (stats.total_executions, counts(stats)) == (number, (0, 2, 2, 0))
    bench.pool.close(0.0)
    bench.clock.advance(100.0)
    assert bench.reports.empty()
    assert all(name.startswith("enclave-driver") for name in threads)


def test_a_slow_report_is_not_piled_upon_and_holds_nothing_up(bench: Bench) -> None:
    go_on = threading.Event()

    def report(stats: PoolStats) -> None:
        bench.reports.put(stats)
        assert go_on.wait(WAIT)

    bench.open(max_workers=2, on_stats_update=report, stats_interval=5.0)
    bench.clock.sleeping(5.0)
    bench.clock.advance(5.0)
    bench.reports.get(timeout=WAIT)
    bench.hold_all(2)
    late = bench.submit("late")
    bench.clock.sleeping(5.0)
    bench.clock.advance(5.0)
    bench.clock.sleeping(5.0)
    bench.clock.advance(5.0)
    with pytest.raises(QueueTimeoutError):
        late.result(WAIT)
    bench.clock.sleeping(5.0)
    assert bench.reports.empty()
    go_on.set()


def test_a_report_that_raises_is_logged(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    def report(stats: PoolStats) -> None:
        bench.reports.put(stats)
        raise LookupError("report")

    bench.open(on_stats_update=report, stats_interval=5.0)
    bench.clock.sleeping(5.0)
    bench.clock.advance(5.0)
    bench.reports.get(timeout=WAIT)
    assert bench.run().success
    bench.pool.close(0.0)
    assert "on_stats_update raised" in caplog.text


# --- close -----------------------------------------------------------------------------------------------------------


def test_close_halts_after_the_grace_and_ends_everything(bench: Bench) -> None:
    bench.open(max_workers=2, spare_workers=1, on_stats_update=bench.reports.put)
    running = bench.hold_all(2)
    waiting = bench.submit("waiting")
    bench.pool.close(0.0)
    for _, handle in running:
        error = handle.result(WAIT).error
        assert error is not None
        assert error.code is ErrorCode.ABORTED
    with pytest.raises(PoolClosedError):
        waiting.result(WAIT)
    assert bench.told(2) == [RecycleReason.SHUTDOWN] * 2
    assert bench.reasons.empty(), "a spare worker is no member of the pool"
    assert bench.pool.stats().worker_recycles == 2
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("enclave-")]
    assert names == []


class Late(threading.Thread):
    """A thread that is slow in its last steps."""

    over: ClassVar[list[str]] = []

    def run(self) -> None:
        super().run()
        time.sleep(0.05)
        self.over.append(self.name)


def test_close_waits_for_the_last_steps_of_its_threads(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN threads that have left the pool's lock for good WHEN it is closed THEN they have ended nevertheless."""
    monkeypatch.setattr(threading, "Thread", Late)
    monkeypatch.setattr(Late, "over", [])
    bench.open(min_workers=1, max_workers=1, on_stats_update=bench.reports.put)
    bench.submit().result(WAIT)
    bench.pool.close(0.0)
    assert sorted(name.rstrip("0123456789") for name in Late.over) == ["enclave-driver-", "enclave-upkeep"]


def test_close_from_a_report(bench: Bench) -> None:
    closed = threading.Event()

    def report(stats: PoolStats) -> None:
        bench.pool.close(0.0)
        closed.set()

    bench.open(on_stats_update=report, stats_interval=5.0)
    bench.clock.sleeping(5.0)
    bench.clock.advance(5.0)
    assert closed.wait(WAIT)
    with pytest.raises(PoolClosedError):
        bench.run()


def test_condemned_workers_are_counted_and_logged(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.open(min_workers=1, max_workers=1, max_condemned=0)
    worker = bench.adapter.workers[0]
    worker.close = lambda timeout: bool(worker.closed.set())  # type: ignore[method-assign]
    bench.run("CRASH")
    assert worker.closed.wait(WAIT)
    bench.pool.close(0.0)
    assert bench.pool.stats().condemned_slots == 1
    assert "worker 1 could not be ended and is condemned" in caplog.text
    assert caplog.records[0].levelno == logging.ERROR


@pytest.mark.parametrize(
    ("most", "condemned", "advised"),
    [(0, 1, True), (1, 1, True), (4, 1, False), (4, 3, True), (5, 2, False), (5, 3, True)],
)
def test_a_restart_is_advised_once(
    most: int, condemned: int, advised: bool, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    # GIVEN workers that cannot be ended WHEN so many are condemned
    bench.open(min_workers=0, max_workers=1, max_condemned=most)
    for _ in range(condemned):
        bench.run()
        worker = bench.adapter.workers[-1]
        worker.close = lambda timeout, worker=worker: bool(worker.closed.set())  # type: ignore[method-assign,misc]
        bench.run("CRASH")
        assert worker.closed.wait(WAIT)
    bench.pool.close(0.0)
    # THEN the figures and one record say whether that is half of what there may be
    stats = bench.pool.stats()
    assert (stats.condemned_slots, stats.restart_advised) == (condemned, advised)
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert [text.partition(":")[0] for text in told] == ["restart the process when it suits"] * advised


def test_defaults_need_no_clock(caplog: pytest.LogCaptureFixture) -> None:
    pool = Pool(Adapter(), WorkerPoolConfig())
    assert pool.run(Job(b"ok", math.inf)).value == (2, "ok")
    pool.close(0.0)
    assert caplog.records == []
