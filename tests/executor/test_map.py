"""Executor.map."""

from __future__ import annotations

import itertools
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Executor

import pytest

from tests.executor import tasks
from tests.executor.gate import Gate


def test_order(pool: Executor) -> None:
    assert list(pool.map(tasks.square, range(30))) == [number * number for number in range(30)]


def test_order_is_that_of_the_arguments(pool: Executor, gate: Gate) -> None:
    # GIVEN a first task that ends after the second
    results = pool.map(tasks.stand, [gate.paths], ["first"])
    second = pool.submit(tasks.identity, "second")
    assert second.result() == "second"
    gate.open()
    assert list(results) == ["first"]


def test_several_iterables(pool: Executor) -> None:
    assert list(pool.map(tasks.add, [1, 2, 3], (10, 20, 30), iter([100, 200, 300]))) == [111, 222, 333]


def test_shortest_iterable(pool: Executor) -> None:
    assert list(pool.map(pow, itertools.count(), [2, 2, 2])) == [0, 1, 4]


@pytest.mark.parametrize("iterables", [([],), ([], [1]), ([1], [])], ids=str)
def test_nothing_to_do(pool: Executor, iterables: tuple[list[int], ...]) -> None:
    assert list(pool.map(tasks.capture, *iterables)) == []


def test_generator_of_arguments(pool: Executor) -> None:
    assert list(pool.map(tasks.square, (number + 1 for number in range(4)))) == [1, 4, 9, 16]


def test_arguments_are_collected_at_once(pool: Executor) -> None:
    taken = []

    def numbers() -> Iterator[int]:
        for number in range(5):
            taken.append(number)
            yield number

    results = pool.map(tasks.square, numbers())
    assert taken == [0, 1, 2, 3, 4]
    assert list(results) == [0, 1, 4, 9, 16]


def test_generator_that_raises(pool: Executor) -> None:
    def numbers() -> Iterator[int]:
        yield 1
        raise tasks.PlainError("no more")

    with pytest.raises(tasks.PlainError, match="no more"):
        pool.map(tasks.square, numbers())
    assert pool.submit(tasks.square, 2).result() == 4


def test_results_come_as_they_are_asked_for(pool: Executor, gate: Gate) -> None:
    results = pool.map(tasks.stand, [gate.paths] * 3, range(3))
    gate.wait(2)
    gate.open(3)
    assert next(results) == 0
    assert next(results) == 1
    assert list(results) == [2]


def test_timeout(pool: Executor, gate: Gate) -> None:
    results = pool.map(tasks.stand, [gate.paths], timeout=0.05)
    with pytest.raises(TimeoutError):
        next(results)
    gate.open()


def test_timeout_not_reached(pool: Executor) -> None:
    assert list(pool.map(tasks.square, [1, 2], timeout=60)) == [1, 4]


@pytest.mark.parametrize("chunksize", [1, 3, 10, 40, 1000])
def test_chunks(pool: Executor, chunksize: int) -> None:
    results = list(pool.map(pow, range(40), range(40), chunksize=chunksize))
    assert results == [number**number for number in range(40)]


@pytest.mark.parametrize("chunksize", [0, -1])
def test_no_such_chunks(pool: Executor, chunksize: int) -> None:
    with pytest.raises(ValueError, match="chunksize must be >= 1"):
        pool.map(tasks.square, [1], chunksize=chunksize)


def test_a_chunk_is_one_task(fresh: Callable[..., Executor]) -> None:
    # GIVEN tasks that say how many ran before them on their worker
    pool = fresh(1)
    assert pool.submit(tasks.remember, 0).result() == 1
    # THEN chunks keep the order
    assert list(pool.map(tasks.remember, range(6), chunksize=4)) == [2, 3, 4, 5, 6, 7]
    assert pool.submit(tasks.remembered).result() == [0, 0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("chunksize", [1, 2])
def test_error_in_its_place(pool: Executor, chunksize: int) -> None:
    results = pool.map(tasks.reciprocal, [1, 2, 0, 4], chunksize=chunksize)
    assert [next(results), next(results)] == [1.0, 0.5]
    with pytest.raises(ZeroDivisionError):
        next(results)
    # AND a map ends with its first error
    with pytest.raises(StopIteration):
        next(results)


def test_closing_the_results_cancels_the_rest(fresh: Callable[..., Executor], gate: Gate) -> None:
    pool = fresh(1)
    results = pool.map(tasks.stand, [gate.paths] * 20)
    gate.wait()
    gate.open()
    next(results)
    results.close()  # type: ignore[attr-defined]
    gate.open(20)
    pool.shutdown()
    came = 0
    while not gate.empty():
        gate.wait()
        came += 1
    assert came < 10  # what was already handed out may run


def test_function_that_cannot_be_pickled(pool: Executor) -> None:
    results = pool.map(lambda number: number, [1])
    with pytest.raises(Exception, match=r"lambda|pickle"):
        next(results)


def test_two_maps_at_once(pool: Executor) -> None:
    one, two = pool.map(tasks.square, range(10)), pool.map(tasks.add, range(10), range(10))
    assert [left + right for left, right in zip(one, two, strict=True)] == [n * n + 2 * n for n in range(10)]


def test_map_after_shutdown(fresh: Callable[..., Executor]) -> None:
    pool = fresh(1)
    pool.shutdown()
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.map(tasks.square, [1])


def test_shutdown_with_results_to_come(fresh: Callable[..., Executor]) -> None:
    with fresh(2) as pool:
        results = pool.map(tasks.square, range(10))
    assert list(results) == [number * number for number in range(10)]


if sys.version_info >= (3, 14):

    @pytest.mark.parametrize("buffersize", [1, 3, 100])
    def test_buffersize(pool: Executor, buffersize: int) -> None:
        assert list(pool.map(tasks.square, range(10), buffersize=buffersize)) == [n * n for n in range(10)]

    def test_buffersize_of_an_endless_iterable(pool: Executor) -> None:
        taken = itertools.count()
        results = pool.map(tasks.square, taken, buffersize=4)
        assert list(itertools.islice(results, 3)) == [0, 1, 4]
        assert next(taken) <= 4 + 3

    def test_buffersize_with_chunks(pool: Executor) -> None:
        results = pool.map(tasks.square, range(20), chunksize=3, buffersize=2)
        assert list(results) == [number * number for number in range(20)]

    @pytest.mark.parametrize(
        ("buffersize", "error"), [(0, ValueError), (-1, ValueError), ("1", TypeError), (1.0, TypeError)]
    )
    def test_no_such_buffersize(pool: Executor, buffersize: object, error: type[Exception]) -> None:
        with pytest.raises(error, match="buffersize must be"):
            pool.map(tasks.square, [1], buffersize=buffersize)


def test_values_are_not_kept_alive(pool: Executor) -> None:
    """CPython's test_free_reference."""
    for value in pool.map(tasks.Point, range(5), range(5)):
        gone = threading.Event()
        weakref.finalize(value, gone.set)
        del value
        assert gone.wait(60)
