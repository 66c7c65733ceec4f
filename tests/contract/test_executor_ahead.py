"""Tasks that are over quickly are handed to their worker before their turn: nobody is to notice."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from pickle import PickleBuffer
from typing import Any

import pytest

from enclave_subinterp import (
    EnclaveExecutor,
    EnclaveFuture,
    QueueTimeoutError,
    TaskExitedError,
    TaskKilledError,
    TaskTimeoutError,
    WorkerPoolConfig,
)
from tests.contract import executor_tasks as tasks

MANY = 300
WAIT = 60.0


class Line:
    """An executor of one worker, or two, that has served enough short tasks to take many ahead.

    `behind` submits while every worker is held up by a task at a gate, so that what it submits waits in line.
    """

    def __init__(self, folder: Path, workers: int = 1, **options: Any) -> None:
        self.executor = EnclaveExecutor(workers, **options)
        self._workers = workers
        self._folder = folder
        self._gates = 0
        for value in range(20):
            assert self.executor.submit(tasks.double, value).result(WAIT) == 2 * value

    def gate(self) -> Path:
        """A file that a task waits for."""
        self._gates += 1
        return self._folder / f"gate{self._gates}"

    def behind(self, submit: Callable[[], list[Future[Any]]]) -> list[Future[Any]]:
        """What `submit` gives, let go once all of it waits."""
        gates = [self.gate() for _ in range(self._workers)]
        held = [self.executor.submit(tasks.stand_at, str(gate)) for gate in gates]
        futures = submit()
        for gate in gates:
            gate.touch()
        for one in held:
            assert one.result(WAIT) is True
        return futures


def test_tasks_with_buffers_wait_in_the_same_line(tmp_path: Path) -> None:
    line = Line(tmp_path)
    with line.executor as executor:
        sizes = [(1, 20_000, 1 << 20)[number % 3] for number in range(60)]
        futures = line.behind(lambda: [executor.submit(tasks.turn, b"x" * size) for size in sizes])
        assert [future.result(WAIT) for future in futures] == list(enumerate(sizes, 1))


def test_buffers_of_tasks_that_never_begin_are_given_back(tmp_path: Path) -> None:
    data = bytearray(1 << 20)
    line = Line(tmp_path)
    with line.executor as executor:
        lend = executor.options(share_buffers=True).submit
        futures = line.behind(
            lambda: [future for _ in range(30) if (future := lend(tasks.turn, PickleBuffer(data))).cancel()]
        )
        assert len(futures) == 30
        del futures
        gc.collect()
        data.append(0)  # BufferError while anybody holds it


def test_values_are_right_and_in_order(tmp_path: Path) -> None:
    line = Line(tmp_path)
    with line.executor as executor:
        futures = line.behind(lambda: [executor.submit(tasks.keep, n) for n in range(MANY)])
        for future in futures:
            assert future.result(WAIT) is None
        assert executor.submit(tasks.show_kept).result(WAIT) == list(range(MANY))
        stats = executor.stats()
        assert stats.successful_executions == stats.total_executions == MANY + 22


def test_a_task_that_lasts_does_not_hold_up_those_behind_it(tmp_path: Path) -> None:
    """GIVEN two workers and a line of short tasks WHEN one of the first lasts THEN the rest end without it."""
    line = Line(tmp_path, workers=2)
    with line.executor as executor:
        gate = line.gate()

        def submit() -> list[Future[Any]]:
            short = [executor.submit(tasks.double, n) for n in range(10)]
            lasting = executor.submit(tasks.stand_at, str(gate))
            return [*short, lasting, *[executor.submit(tasks.double, n) for n in range(MANY)]]

        futures = line.behind(submit)
        lasting = futures.pop(10)
        try:
            for future in futures:
                future.result(WAIT)
            assert not lasting.done()
        finally:
            gate.touch()
        assert lasting.result(WAIT) is True


def test_those_behind_one_that_lasts_wait_no_longer_than_they_may(tmp_path: Path) -> None:
    """GIVEN a `queue_timeout` WHEN a task lasts THEN those ahead are back in the queue, and expire there."""
    config = WorkerPoolConfig(
        min_workers=1,
        max_workers=1,
        max_executions_per_worker=10**6,
        max_queue_size=10**6,
        queue_timeout=2.0,
    )
    line = Line(tmp_path, config=config)
    with line.executor as executor:
        gate = line.gate()
        try:
            futures = [executor.submit(tasks.double, n) for n in range(50)]
            lasting = executor.submit(tasks.stand_at, str(gate))
            behind = [executor.submit(tasks.double, n) for n in range(50)]
            assert [future.result(WAIT) for future in futures] == [2 * n for n in range(50)]
            assert {type(future.exception(WAIT)) for future in behind} == {QueueTimeoutError}
        finally:
            gate.touch()
        assert lasting.result(WAIT) is True


def test_cancelled_ones_never_run(tmp_path: Path) -> None:
    """GIVEN a line WHEN every second is cancelled from other threads THEN each is either cancelled or was run."""
    line = Line(tmp_path)
    with line.executor as executor:
        futures = line.behind(lambda: [executor.submit(tasks.keep, n) for n in range(MANY)])
        cancelled: list[list[int]] = [[], []]

        def cancel(mine: list[int], first: int) -> None:
            mine.extend(n for n in range(MANY - 1 - first, -1, -2) if futures[n].cancel())

        threads = [threading.Thread(target=cancel, args=(cancelled[first], first)) for first in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT)
        gone = set(cancelled[0] + cancelled[1])
        for n, future in enumerate(futures):
            if n in gone:
                assert future.cancelled()
                with pytest.raises(CancelledError):
                    future.result(WAIT)
            else:
                assert future.result(WAIT) is None
        assert executor.submit(tasks.show_kept).result(WAIT) == [n for n in range(MANY) if n not in gone]


def test_killed_ones_fail_alone(tmp_path: Path) -> None:
    line = Line(tmp_path)
    with line.executor as executor:
        futures = line.behind(lambda: [executor.submit(tasks.double, n) for n in range(MANY)])
        killed = set()
        for n in range(MANY - 1, -1, -3):
            future = futures[n]
            assert isinstance(future, EnclaveFuture)
            if future.kill():
                killed.add(n)
        for n, future in enumerate(futures):
            error = future.exception(WAIT)
            assert type(error) is TaskKilledError if error is not None else future.result() == 2 * n
            assert error is None or n in killed


@pytest.mark.parametrize(
    ("task", "args", "error"),
    [(tasks.leave, (3,), TaskExitedError), (tasks.spin, (), TaskTimeoutError), (tasks.fail, (), ValueError)],
    ids=["exit", "timeout", "error"],
)
def test_one_that_ends_badly_fails_alone(
    task: Callable[..., Any], args: tuple[Any, ...], error: type[Exception], tmp_path: Path
) -> None:
    line = Line(tmp_path)
    with line.executor as executor:
        bad = executor.options(timeout=0.05) if task is tasks.spin else executor
        places = {7, 8, 100, MANY - 1}
        futures = line.behind(
            lambda: [
                bad.submit(task, *args) if n in places else executor.submit(tasks.double, n)
                for n in range(MANY)
            ]
        )
        for n, future in enumerate(futures):
            if n in places:
                assert type(future.exception(WAIT)) is error
            else:
                assert future.result(WAIT) == 2 * n


def test_worker_serves_no_more_than_it_may(tmp_path: Path) -> None:
    line = Line(tmp_path, max_tasks_per_child=50)
    with line.executor as executor:
        futures = line.behind(lambda: [executor.submit(tasks.double, n) for n in range(MANY)])
        assert [future.result(WAIT) for future in futures] == [2 * n for n in range(MANY)]
    assert executor.stats().worker_recycles == (MANY + 21) // 50 + 1  # the last by the shutdown


def test_shutdown_cancels_those_ahead(tmp_path: Path) -> None:
    line = Line(tmp_path)
    executor, gate = line.executor, line.gate()

    def submit() -> list[Future[Any]]:
        before = [executor.submit(tasks.double, n) for n in range(1000)]
        executor.submit(tasks.stand_at, str(gate))
        return before + [executor.submit(tasks.double, n) for n in range(1000, 2000)]

    futures = line.behind(submit)
    executor.shutdown(wait=False, cancel_futures=True)
    gate.touch()
    executor.shutdown()
    for n, future in enumerate(futures):
        assert future.cancelled() or (n < 1000 and future.result(0) == 2 * n)


def test_memory_is_watched(tmp_path: Path) -> None:
    """GIVEN a limit WHEN tasks leave more and more behind THEN the worker is replaced between two of them."""
    config = WorkerPoolConfig(
        min_workers=0,
        max_workers=1,
        memory_limit_per_worker=64 << 20,
        memory_check_interval=0.01,
        max_executions_per_worker=10**6,
        max_queue_size=10**6,
        queue_timeout=WAIT,
    )
    line = Line(tmp_path, config=config)
    with line.executor as executor:
        futures = [executor.submit(tasks.keep, b"x" * 100_000) for _ in range(3000)]
        for future in futures:
            future.exception(WAIT)
        assert executor.stats().worker_recycles > 0
