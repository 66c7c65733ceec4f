"""Making, using up and shutting down executors; cancelling; what a worker keeps."""

from __future__ import annotations

import concurrent.futures
import contextlib
import gc
import weakref
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from pathlib import Path
from typing import Any

import pytest

from tests.executor import tasks
from tests.executor.gate import Gate

Make = Callable[..., Executor]

# --- Arguments -----------------------------------------------------------------------------------------------------


def test_is_an_executor(pool: Executor) -> None:
    assert isinstance(pool, Executor)


def test_default_workers(fresh: Make) -> None:
    assert fresh(None).submit(tasks.square, 2).result() == 4


@pytest.mark.parametrize("number", [0, -1])
def test_no_such_number_of_workers(fresh: Make, number: int) -> None:
    with pytest.raises(ValueError, match="max_workers must be greater than 0"):
        fresh(number)


def test_number_of_workers_of_another_type(fresh: Make) -> None:
    with pytest.raises(TypeError):
        fresh("2")


def test_initializer_that_is_not_callable(fresh: Make) -> None:
    with pytest.raises(TypeError, match="initializer must be a callable"):
        fresh(1, initializer=3)


@pytest.mark.parametrize(
    ("number", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), ("1", TypeError)]
)
def test_no_such_number_of_tasks_per_child(fresh: Make, number: object, error: type[Exception]) -> None:
    with pytest.raises(error, match="max_tasks_per_child must be"):
        fresh(1, max_tasks_per_child=number)


def test_unknown_option(fresh: Make) -> None:
    with pytest.raises(TypeError, match="max_threads"):
        fresh(1, max_threads=3)


# --- Workers and their state ---------------------------------------------------------------------------------------


def test_workers_run_beside_each_other(fresh: Make, gate: Gate) -> None:
    pool = fresh(2)
    futures = [pool.submit(tasks.meet, gate.paths) for _ in range(2)]
    gate.wait(2)
    gate.open(2)
    assert len({future.result() for future in futures}) == 2


def test_no_more_workers_than_asked_for(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    first, second = pool.submit(tasks.stand, gate.paths), pool.submit(tasks.come, gate.paths)
    gate.wait()
    assert gate.empty()
    assert not second.done()
    gate.open()
    gate.wait()
    assert (first.result(), second.result()) == (None, None)


def test_module_state_is_kept(fresh: Make) -> None:
    pool = fresh(1)
    assert [pool.submit(tasks.remember, n).result() for n in range(3)] == [1, 2, 3]
    assert pool.submit(tasks.remembered).result() == [0, 1, 2]
    assert tasks.remembered() == []


def test_module_state_is_a_workers_own(fresh: Make) -> None:
    first, second = fresh(1), fresh(1)
    assert first.submit(tasks.remember, 1).result() == 1
    assert second.submit(tasks.remember, 1).result() == 1
    assert len({pool.submit(tasks.token).result() for pool in (first, second)} | {tasks.token()}) == 3


def test_worker_is_kept(fresh: Make) -> None:
    pool = fresh(1)
    assert len({pool.submit(tasks.token).result() for _ in range(5)}) == 1


def test_first_in_first_out(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    pool.submit(tasks.stand, gate.paths)
    futures = [pool.submit(tasks.remember, n) for n in range(10)]
    gate.open()
    assert [future.result() for future in futures] == list(range(1, 11))


@pytest.mark.parametrize("tasks_per_child", [1, 3])
def test_max_tasks_per_child(fresh: Make, tasks_per_child: int) -> None:
    pool = fresh(1, max_tasks_per_child=tasks_per_child)
    counts = [pool.submit(tasks.remember, n).result() for n in range(6)]
    assert counts == [n % tasks_per_child + 1 for n in range(6)]


# --- Initializer ---------------------------------------------------------------------------------------------------


def test_initializer(fresh: Make) -> None:
    pool = fresh(1, initializer=tasks.initialise, initargs=("a", [1]))
    assert pool.submit(tasks.remembered).result() == ["a", [1]]
    # AND it is run once
    pool.submit(tasks.remember, 2).result()
    assert pool.submit(tasks.remembered).result() == ["a", [1], 2]
    assert tasks.remembered() == []


def test_initializer_in_every_worker(fresh: Make, gate: Gate) -> None:
    pool = fresh(2, initializer=tasks.initialise, initargs=("a",))
    busy = pool.submit(tasks.stand, gate.paths)
    gate.wait()
    assert pool.submit(tasks.remembered).result() == ["a"]
    gate.open()
    busy.result()
    assert pool.submit(tasks.remembered).result() == ["a"]


def test_initializer_of_replaced_workers(fresh: Make) -> None:
    pool = fresh(1, initializer=tasks.initialise, initargs=("a",), max_tasks_per_child=1)
    assert [pool.submit(tasks.remember, n).result() for n in range(3)] == [2, 2, 2]


def test_initializer_that_fails(fresh: Make) -> None:
    pool = fresh(1, initializer=tasks.initialise_badly)
    with pytest.raises(concurrent.futures.BrokenExecutor):
        pool.submit(tasks.square, 2).result()
    with pytest.raises(concurrent.futures.BrokenExecutor):
        pool.submit(tasks.square, 2).result()


def test_initializer_that_fails_fails_all_that_wait(fresh: Make) -> None:
    pool = fresh(2, initializer=tasks.initialise_badly)
    futures: list[Future[int]] = []
    # By the time that it is noticed, submit() may raise.
    with pytest.raises(concurrent.futures.BrokenExecutor):  # noqa: PT012
        futures.extend(pool.submit(tasks.square, n) for n in range(50))
        futures[-1].result()
    assert all(isinstance(f.exception(), concurrent.futures.BrokenExecutor) for f in futures)


# --- Cancelling ----------------------------------------------------------------------------------------------------


def fill(pool: Executor, gate: Gate) -> tuple[Future[Any], list[Future[Any]]]:
    """A task at the gate on the only worker, and many behind it."""
    busy = pool.submit(tasks.stand, gate.paths, "done")
    gate.wait()
    return busy, [pool.submit(tasks.square, n) for n in range(20)]


def test_cancel_what_waits(fresh: Make, gate: Gate) -> None:
    busy, waiting = fill(fresh(1), gate)
    last = waiting[-1]
    assert last.cancel()
    assert last.cancelled()
    assert last.done()
    assert last.cancel()
    with pytest.raises(CancelledError):
        last.result()
    with pytest.raises(CancelledError):
        last.exception()
    gate.open()
    assert busy.result() == "done"
    assert [future.result() for future in waiting[:-1]] == [n * n for n in range(19)]


def test_what_runs_is_not_cancelled(fresh: Make, gate: Gate) -> None:
    busy, _ = fill(fresh(1), gate)
    assert busy.running()
    assert not busy.cancel()
    assert not busy.cancelled()
    gate.open()
    assert busy.result() == "done"


def test_cancelled_tasks_do_not_run(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    busy, _ = fill(pool, gate)
    dropped = [pool.submit(tasks.remember, n) for n in range(10)]
    assert all(future.cancel() for future in dropped)
    gate.open()
    assert busy.result() == "done"
    assert pool.submit(tasks.remembered).result() == []


# --- Shutdown ------------------------------------------------------------------------------------------------------


def test_submit_after_shutdown(fresh: Make) -> None:
    pool = fresh(1)
    pool.shutdown()
    with pytest.raises(RuntimeError, match="cannot schedule new futures after shutdown"):
        pool.submit(tasks.square, 2)


def test_shutdown_twice(fresh: Make) -> None:
    pool = fresh(1)
    assert pool.submit(tasks.square, 2).result() == 4
    pool.shutdown()
    pool.shutdown(wait=False)
    pool.shutdown(wait=True, cancel_futures=True)


def test_shutdown_of_what_was_never_used(fresh: Make) -> None:
    pool = fresh(2)
    pool.shutdown()
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(tasks.square, 2)


def test_shutdown_waits(fresh: Make) -> None:
    pool = fresh(2)
    futures = [pool.submit(tasks.square, n) for n in range(50)]
    pool.shutdown()
    assert all(future.done() for future in futures)
    assert [future.result() for future in futures] == [n * n for n in range(50)]


def test_shutdown_without_waiting(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    busy, waiting = fill(pool, gate)
    pool.shutdown(wait=False)
    assert not busy.done()
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(tasks.square, 2)
    gate.open()
    assert [future.result() for future in waiting] == [n * n for n in range(20)]
    assert busy.result() == "done"


def test_shutdown_that_cancels(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    busy, waiting = fill(pool, gate)
    pool.shutdown(wait=False, cancel_futures=True)
    gate.open()
    assert busy.result() == "done"
    for future in waiting:  # wait() does not end with those that a shutdown has cancelled
        with contextlib.suppress(CancelledError):
            future.result(60)
    # What was handed out already may run; the rest may not.
    assert sum(future.cancelled() for future in waiting) >= 15
    assert waiting[-1].cancelled()


def test_shutdown_that_cancels_and_waits(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    busy, waiting = fill(pool, gate)
    # GIVEN a last task whose being cancelled lets the first one end
    waiting[-1].add_done_callback(lambda _: gate.open())
    pool.shutdown(wait=True, cancel_futures=True)
    assert waiting[-1].cancelled()
    assert busy.done()
    assert busy.result() == "done"
    assert all(future.done() for future in waiting)


def test_context_manager(fresh: Make) -> None:
    with fresh(2) as pool:
        futures = [pool.submit(tasks.square, n) for n in range(20)]
    assert all(future.done() for future in futures)
    with pytest.raises(RuntimeError):
        pool.submit(tasks.square, 1)


def test_context_manager_with_an_error(fresh: Make) -> None:
    futures = []
    with pytest.raises(tasks.PlainError), fresh(1) as pool:  # noqa: PT012 - what the block does is the case
        futures = [pool.submit(tasks.square, n) for n in range(5)]
        raise tasks.PlainError
    assert [future.result() for future in futures] == [0, 1, 4, 9, 16]


def test_shutdown_in_a_callback(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    future = pool.submit(tasks.stand, gate.paths, "done")
    future.add_done_callback(lambda _: pool.shutdown(wait=False))
    gate.open()
    assert future.result() == "done"
    pool.shutdown()


# --- Left alone ----------------------------------------------------------------------------------------------------


def make_and_leave(kind: str, *args: Any) -> tuple[weakref.ref[Executor], Future[Any]]:
    from tests.executor import kinds

    executor = kinds.KINDS[kind](1)
    return weakref.ref(executor), executor.submit(*args)


def test_left_executor_finishes(kind: str, gate: Gate) -> None:
    gone, future = make_and_leave(kind, tasks.stand, gate.paths, "done")
    gc.collect()
    assert gone() is None
    gate.open()
    assert future.result() == "done"


def test_left_executor_goes(kind: str) -> None:
    gone, future = make_and_leave(kind, tasks.square, 3)
    assert future.result() == 9
    gc.collect()
    assert gone() is None


def test_descriptors_come_back(kind: str) -> None:
    """After the first executor of its kind, others leave no descriptor behind."""
    from tests.executor import kinds

    counts = []
    for _ in range(4):
        with kinds.KINDS[kind](2) as pool:
            assert list(pool.map(tasks.square, range(4))) == [0, 1, 4, 9]
        gc.collect()
        counts.append(len(list(Path("/proc/self/fd").iterdir())))
    assert counts[1] == counts[3]
