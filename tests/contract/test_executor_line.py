"""Workers that stay in line between two tasks: they look idle, and whoever wants one gets it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from enclave_subinterp import EnclaveExecutor, EnclaveFuture, TaskKilledError, WorkerPoolConfig
from enclave_subinterp._adapters import task_queue
from enclave_subinterp._adapters.tasks import TaskWorker
from enclave_subinterp._pool import line, stretch
from tests.contract import executor_tasks as tasks

WAIT = 60.0


def wait_until(true: Callable[[], bool]) -> None:
    """Look until it is so."""
    end = time.monotonic() + WAIT
    pause = threading.Event()
    while not true():
        assert time.monotonic() < end
        pause.wait(0.001)


@pytest.fixture(autouse=True)
def forever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers stay in line: what does not call them out waits until the test fails."""
    monkeypatch.setattr(stretch, "LINGER", 1000.0)


@pytest.fixture
def pair() -> Iterator[EnclaveExecutor]:
    """Two workers, both in line."""
    with EnclaveExecutor(2) as executor:
        in_line(executor, 2)
        yield executor


def in_line(executor: EnclaveExecutor, workers: int) -> None:
    """Have that many workers serve a task, and stay."""
    barrier = threading.Barrier(workers + 1)
    with_progress = executor.options(on_progress=lambda value: barrier.wait(WAIT) and None)
    futures = [with_progress.submit(tasks.tell_and_double, n) for n in range(workers)]
    barrier.wait(WAIT)
    for future in futures:
        future.result(WAIT)
    line = executor._core.pool.line
    assert line is not None
    wait_until(lambda: len(line.stretches) == workers)


def test_workers_in_line_are_idle(pair: EnclaveExecutor) -> None:
    for _ in range(50):
        assert pair.submit(tasks.double, 2).result(WAIT) == 4
        assert (pair.stats().idle_workers, pair.stats().active_workers) == (2, 0)
        assert [worker.state for worker in pair.workers()] == ["idle", "idle"]


def test_a_busy_one_is_active(pair: EnclaveExecutor, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    held = pair.submit(tasks.stand_at, str(gate))
    wait_until(lambda: sorted(worker.state for worker in pair.workers()) == ["active", "idle"])
    assert (pair.stats().idle_workers, pair.stats().active_workers) == (1, 1)
    gate.touch()
    assert held.result(WAIT) is True


def test_tasks_begin_in_the_order_of_their_coming(pair: EnclaveExecutor, tmp_path: Path) -> None:
    """GIVEN one worker held up WHEN many short tasks come THEN the other begins each after those before it."""
    gate, log = tmp_path / "gate", tmp_path / "log"
    held = pair.submit(tasks.stand_at, str(gate))
    futures = [pair.submit(tasks.stamp, str(log), n) for n in range(300)]
    wait(futures, WAIT)
    assert not held.done()
    gate.touch()
    assert held.result(WAIT) is True
    assert log.read_text(encoding="ascii").split() == [str(n) for n in range(300)]


def test_a_task_that_is_none_for_the_line_calls_a_worker_out(pair: EnclaveExecutor) -> None:
    """GIVEN workers in line WHEN a task comes that reports progress, or lends a buffer THEN one of them serves it."""
    for n in range(20):
        told: list[int] = []
        assert pair.options(on_progress=told.append).submit(tasks.tell_and_double, n).result(WAIT) == 2 * n
        assert told == [n]
        assert pair.submit(tasks.double, n).result(WAIT) == 2 * n
        large = b"x" * 200_000
        assert pair.submit(tasks.double, large).result(WAIT) == 2 * large
    assert pair.stats().total_workers == 2


def test_no_place_in_the_queue_is_needed_for_an_idle_worker() -> None:
    """GIVEN a queue without places WHEN a task comes that is none for the line THEN the idle worker serves it."""
    config = WorkerPoolConfig(min_workers=1, max_workers=1, max_queue_size=0, max_executions_per_worker=10**6)
    with EnclaveExecutor(config=config) as executor:
        in_line(executor, 1)
        for n in range(20):
            told: list[int] = []
            with_progress = executor.options(on_progress=told.append)
            assert with_progress.submit(tasks.tell_and_double, n).result(WAIT) == 2 * n
            assert executor.submit(tasks.double, n).result(WAIT) == 2 * n


def test_killed_and_cancelled_in_line(pair: EnclaveExecutor, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    running = [pair.submit(tasks.stand_at, str(gate)) for _ in range(2)]
    wait_until(lambda: [worker.state for worker in pair.workers()] == ["active", "active"])
    waiting = [pair.submit(tasks.double, n) for n in range(20)]
    assert waiting[3].cancel()
    assert waiting[4].kill()
    assert running[0].kill()
    assert not running[1].cancel()
    assert isinstance(running[0].exception(WAIT), TaskKilledError)
    assert isinstance(waiting[4].exception(WAIT), TaskKilledError)
    gate.touch()
    assert running[1].result(WAIT) is True
    for n in [0, 1, 2, *range(5, 20)]:
        assert waiting[n].result(WAIT) == 2 * n
    assert pair.submit(tasks.double, 1).result(WAIT) == 2


def test_an_interrupted_submit_leaves_nothing_in_line(pair: EnclaveExecutor) -> None:
    """GIVEN a worker in line WHEN Ctrl-C strikes at any line of the hand-over THEN it serves on, and ends."""
    files = {line.__file__, task_queue.__file__}
    left = 0  # lines until it strikes

    def strike(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal left
        if event == "line" and frame.f_code.co_filename in files:
            left -= 1
            if left == 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return strike

    the_line = pair._core.pool.line
    assert the_line is not None
    struck = True
    lines = 0
    while struck:
        lines += 1
        left = lines
        before = sys.gettrace()
        sys.settrace(strike)
        try:
            pair.submit(tasks.double, 1)
            struck = False
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(before)
        assert pair.submit(tasks.double, lines).result(WAIT) == 2 * lines
        wait_until(lambda: not the_line.tickets)
    assert lines > 20
    assert pair.stats().total_workers == 2


class Noticed:
    """A slot whose run ends right after it was seen that there is nothing to hear."""

    def __init__(self, slot: Any, then: Callable[[], object]) -> None:
        self.slot = slot
        self.then = then

    def __getattr__(self, name: str) -> Any:
        return getattr(self.slot, name)

    def next_event(self, seconds: float | None = None) -> Any:
        event = self.slot.next_event(seconds)
        if event is None and seconds == 0:
            self.then()
            wait_until(lambda: not self.slot.run_id)
        return event


def test_a_task_that_ends_as_its_worker_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """GIVEN a worker that is given up WHEN its next task ends in that moment THEN that has an end too."""
    monkeypatch.setattr(stretch, "PATIENCE", 1000.0)
    monkeypatch.setattr(task_queue.TaskQueue, "depth", lambda queue: 4)
    first, gate = tmp_path / "first", tmp_path / "gate"
    with EnclaveExecutor(1) as executor:
        in_line(executor, 1)
        (worker,) = executor._core.pool.staff.workers
        held = executor.submit(tasks.stand_at, str(first))
        rude = executor.submit(print, "rude")
        last = executor.submit(tasks.stand_at, str(gate))
        assert isinstance(worker, TaskWorker)
        monkeypatch.setattr(worker, "_slot", Noticed(worker._slot, gate.touch))
        monkeypatch.setattr(sys, "stdout", Rude())
        first.touch()
        assert held.result(WAIT) is True
        assert isinstance(rude.exception(WAIT), TaskKilledError)
        last.exception(WAIT)
        monkeypatch.undo()
        assert executor.submit(tasks.double, 1).result(WAIT) == 2


def test_any_number_of_tasks_a_worker(caplog: pytest.LogCaptureFixture) -> None:
    """GIVEN `max_tasks_per_child` above what the core counts THEN its workers come in line as others do."""
    with EnclaveExecutor(1, max_tasks_per_child=10**30) as executor:
        in_line(executor, 1)
        assert executor.submit(tasks.double, 1).result(WAIT) == 2
    assert not caplog.records


def test_a_shutdown_does_not_wait_for_those_in_line(pair: EnclaveExecutor) -> None:
    futures = [pair.submit(tasks.double, n) for n in range(1000)]
    pair.shutdown()
    assert [future.result(0) for future in futures] == [2 * n for n in range(1000)]
    assert pair.stats().worker_recycles == 2


def test_a_shutdown_out_of_a_callback(pair: EnclaveExecutor) -> None:
    """GIVEN two workers in line WHEN a callback of a task shuts the executor down THEN it does, and all have an end."""
    over = threading.Event()

    def shut(future: Future[Any]) -> None:
        pair.shutdown()
        over.set()

    first = pair.submit(tasks.double, 1)
    first.add_done_callback(shut)
    assert over.wait(WAIT)
    with pytest.raises(RuntimeError):
        pair.submit(tasks.double, 1)


def test_worker_that_was_served_up_is_replaced() -> None:
    """GIVEN `max_tasks_per_child` WHEN workers in line have served that many THEN new ones come in their place."""
    with EnclaveExecutor(2, max_tasks_per_child=5) as executor:
        assert [executor.submit(tasks.double, n).result(WAIT) for n in range(50)] == [
            2 * n for n in range(50)
        ]
        futures = [executor.submit(tasks.double, n) for n in range(200)]
        assert [future.result(WAIT) for future in futures] == [2 * n for n in range(200)]
        recycles = executor.stats().worker_recycles
    assert recycles >= 48


def test_a_crash_in_line_fails_alone(pair: EnclaveExecutor) -> None:
    futures: list[EnclaveFuture] = []
    for n in range(60):
        futures.append(pair.submit(tasks.double, n))
        if n % 20 == 10:
            futures.append(pair.submit(tasks.fault))
    failed = [future for future in futures if future.exception(WAIT) is not None]
    assert len(failed) == 3
    assert all("Crash" in type(future.exception()).__name__ for future in failed)
    assert pair.stats().contained_crashes == 3


class Rude:
    """A stream that ends the thread that writes to it."""

    def write(self, text: str) -> int:
        raise SystemExit("rude")

    def flush(self) -> None:
        pass


def test_a_stream_of_the_host_that_exits(pair: EnclaveExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a sys.stdout that raises SystemExit WHEN a task prints THEN tasks have an end, and the executor goes on."""
    monkeypatch.setattr(sys, "stdout", Rude())
    futures = [pair.submit(print, n) for n in range(4)]
    for future in futures:
        future.exception(WAIT)
    monkeypatch.undo()
    assert pair.submit(tasks.double, 1).result(WAIT) == 2


def test_idle_workers_in_line_end_when_their_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN `idle_timeout` WHEN workers have stayed in line for nothing THEN they come out and end."""
    monkeypatch.setattr(stretch, "LINGER", 0.01)
    config = WorkerPoolConfig(min_workers=0, max_workers=2, idle_timeout=0.05, max_executions_per_worker=100)
    with EnclaveExecutor(config=config) as executor:
        assert executor.submit(tasks.double, 1).result(WAIT) == 2
        wait_until(lambda: executor.stats().total_workers == 0)
