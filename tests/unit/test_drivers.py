"""Who serves a submitted script: a driver is there whoever hands the worker over, or the script is refused."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from enclave_subinterp import (
    PoolClosedError,
    QueueTimeoutError,
    RecycleReason,
    RunHandle,
    RunResult,
    WorkerStartupError,
)
from tests.unit.pool_bench import MB, WAIT, Bench, Worker


def drivers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("enclave-driver")]


@contextmanager
def running(bench: Bench) -> Iterator[Callable[[], None]]:
    """A worker is held by a blocking caller; what is yielded has it come back."""
    ended: list[RunResult] = []
    thread = threading.Thread(target=lambda: ended.append(bench.run("hold")))
    thread.start()
    worker = bench.adapter.held.get(timeout=WAIT)

    def end() -> None:
        worker.go_on.set()
        thread.join(WAIT)
        assert ended

    yield end
    worker.go_on.set()
    thread.join(WAIT)


def test_a_script_behind_a_blocking_caller_is_served(bench: Bench) -> None:
    """GIVEN no driver yet WHEN the caller that had the only worker gives it back THEN whoever waits is served."""
    bench.open(min_workers=1, max_workers=1)
    with running(bench) as end:
        first, second = bench.submit("1"), bench.submit("2")
        assert drivers() == [], "there is nothing to serve yet"
        end()
        assert first.result(WAIT).value == (1, "1")
        assert second.result(WAIT).value == (1, "2")


def test_a_script_is_served_while_another_s_callback_holds_its_driver_up(bench: Bench) -> None:
    bench.open(min_workers=1, max_workers=1)
    inside, go_on = threading.Event(), threading.Event()

    def callback(handle: RunHandle) -> None:
        inside.set()
        assert go_on.wait(WAIT)

    held = bench.hold()
    held[1].add_done_callback(callback)
    bench.let_go(held)
    assert inside.wait(WAIT)
    try:
        with running(bench) as end:
            waiting = bench.submit()
            end()
            assert waiting.result(WAIT / 2).success
    finally:
        go_on.set()


def test_a_script_is_served_by_the_worker_that_upkeep_made(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN a script that came while upkeep replaced the worker, and a driver held up by the callback WHEN the new
    worker is there THEN it is served."""
    inside, go_on, submitted = threading.Event(), threading.Event(), threading.Event()

    def recycled(reason: RecycleReason) -> None:
        if reason is RecycleReason.MEMORY_LIMIT:
            inside.set()
            assert go_on.wait(WAIT)

    bench.open(
        min_workers=1, max_workers=1, keeps_state=True, memory_check_interval=1.0, on_worker_recycled=recycled
    )
    waiting: list[RunHandle] = []
    make = bench.adapter.create_worker

    def make_after_a_script_came() -> Worker:
        assert inside.wait(WAIT)
        waiting.append(bench.submit())
        submitted.set()
        return make()

    bench.run()
    bench.adapter.workers[0].held = 60 * MB
    monkeypatch.setattr(bench.adapter, "create_worker", make_after_a_script_came)
    bench.clock.sleeping(1.0)
    try:
        bench.clock.advance(1.0)
        assert submitted.wait(WAIT)
        assert waiting[0].result(WAIT / 2).value == (2, "ok")
    finally:
        go_on.set()


def test_a_callback_that_exits_costs_the_pool_nothing(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """GIVEN a callback that calls sys.exit() WHEN it was called THEN the next callback and script are served."""
    bench.open(min_workers=1, max_workers=1)
    told: list[RunHandle] = []
    held = bench.hold()
    held[1].add_done_callback(lambda _: sys.exit(3))
    held[1].add_done_callback(told.append)
    waiting = bench.submit()
    bench.let_go(held)
    assert waiting.result(WAIT / 2).value == (1, "ok")
    assert told == [held[1]]
    assert "SystemExit: 3" in caplog.text


def test_late_scripts_are_all_told_when_a_callback_exits(bench: Bench) -> None:
    bench.open(min_workers=1, max_workers=1, queue_timeout=5.0)
    held = bench.hold()
    late = [bench.submit() for _ in range(2)]
    late[0].add_done_callback(lambda _: sys.exit(3))
    bench.clock.sleeping(5.0)
    bench.clock.advance(5.0)
    for handle in late:
        with pytest.raises(QueueTimeoutError):
            handle.result(WAIT / 2)
    bench.let_go(held)


def test_what_waits_is_told_of_the_close(bench: Bench) -> None:
    """GIVEN no driver yet WHEN the pool is closed THEN a script that waits is refused, and said so."""
    bench.open(min_workers=1, max_workers=1)
    with running(bench):
        waiting = bench.submit()
        bench.pool.close(0.0)
        with pytest.raises(PoolClosedError, match="closed before the script could begin"):
            waiting.result(0.0)


def test_no_thread_can_be_had(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN no driver and none to be had WHEN a worker comes back THEN whoever waits for one is refused, in order."""
    bench.open(min_workers=1, max_workers=1)
    told: list[int] = []

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with running(bench) as end:
        handles = [bench.submit() for _ in range(20)]
        for number, handle in enumerate(handles):
            handle.add_done_callback(lambda _, number=number: told.append(number))  # type: ignore[misc]
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", start)
            end()
        for handle in handles:
            with pytest.raises(
                WorkerStartupError, match="no thread can be started to serve the script: can't"
            ):
                handle.result(0.0)
    assert told == list(range(20))
    assert bench.adapter.workers[0].served == ["hold"]
    assert bench.submit().result(WAIT).value == (1, "ok")
