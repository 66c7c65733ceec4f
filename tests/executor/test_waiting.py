"""wait(), as_completed(), callbacks, and event loops."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import (
    ALL_COMPLETED,
    FIRST_COMPLETED,
    FIRST_EXCEPTION,
    Executor,
    Future,
    as_completed,
    wait,
)
from typing import Any

import pytest

from tests.executor import tasks
from tests.executor.gate import Gate

Make = Callable[..., Executor]


def settle(future: Future[Any]) -> Future[Any]:
    """The future once it has ended, however."""
    future.exception()
    return future


def test_result_with_a_timeout(pool: Executor, gate: Gate) -> None:
    future = pool.submit(tasks.stand, gate.paths, 5)
    with pytest.raises(TimeoutError):
        future.result(timeout=0)
    with pytest.raises(TimeoutError):
        future.exception(timeout=0.01)
    gate.open()
    assert future.result(timeout=60) == 5


def test_result_from_many_threads(pool: Executor, gate: Gate) -> None:
    future = pool.submit(tasks.stand, gate.paths, 5)
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(future.result())) for _ in range(4)]
    for thread in threads:
        thread.start()
    gate.open()
    for thread in threads:
        thread.join()
    assert results == [5] * 4


# --- wait ----------------------------------------------------------------------------------------------------------


def test_wait_for_all(pool: Executor) -> None:
    futures = [pool.submit(tasks.square, n) for n in range(5)]
    done, not_done = wait(futures, return_when=ALL_COMPLETED)
    assert (done, not_done) == (set(futures), set())


def test_wait_for_all_with_errors(pool: Executor) -> None:
    futures = [pool.submit(tasks.reciprocal, n) for n in (0, 1, 0)]
    assert wait(futures) == (set(futures), set())


def test_wait_with_a_timeout(pool: Executor, gate: Gate) -> None:
    held = pool.submit(tasks.stand, gate.paths)
    quick = settle(pool.submit(tasks.square, 2))
    assert wait([held, quick], timeout=0.01) == ({quick}, {held})
    gate.open()
    assert wait([held, quick]) == ({held, quick}, set())


def test_wait_for_the_first(pool: Executor, gate: Gate) -> None:
    held = pool.submit(tasks.stand, gate.paths)
    quick = pool.submit(tasks.square, 2)
    assert wait([held, quick], return_when=FIRST_COMPLETED) == ({quick}, {held})
    gate.open()
    held.result()


def test_wait_for_the_first_of_those_done(pool: Executor, gate: Gate) -> None:
    held = pool.submit(tasks.stand, gate.paths)
    quick = settle(pool.submit(tasks.square, 2))
    assert wait([held, quick], return_when=FIRST_COMPLETED) == ({quick}, {held})
    gate.open()


def test_wait_for_the_first_error(pool: Executor, gate: Gate) -> None:
    held = pool.submit(tasks.stand, gate.paths)
    good = settle(pool.submit(tasks.square, 2))
    bad = pool.submit(tasks.reciprocal, 0)
    assert wait([held, good, bad], return_when=FIRST_EXCEPTION) == ({good, bad}, {held})
    gate.open()


def test_wait_for_an_error_that_never_comes(pool: Executor) -> None:
    futures = [pool.submit(tasks.square, n) for n in range(3)]
    assert wait(futures, return_when=FIRST_EXCEPTION) == (set(futures), set())


def test_wait_counts_the_cancelled(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    held = pool.submit(tasks.stand, gate.paths)
    gate.wait()
    dropped = [pool.submit(tasks.square, n) for n in range(6)][-1]
    assert dropped.cancel()
    gate.open()
    assert wait([held, dropped]) == ({held, dropped}, set())


# --- as_completed --------------------------------------------------------------------------------------------------


def test_as_completed(pool: Executor) -> None:
    futures = {pool.submit(tasks.square, n): n for n in range(10)}
    assert {futures[future]: future.result() for future in as_completed(futures)} == {
        n: n * n for n in range(10)
    }


def test_as_completed_in_the_order_of_completion(pool: Executor, gate: Gate) -> None:
    held = pool.submit(tasks.stand, gate.paths)
    quick = pool.submit(tasks.square, 2)
    ended = as_completed([held, quick])
    assert next(ended) is quick
    gate.open()
    assert next(ended) is held


def test_as_completed_with_a_timeout(pool: Executor, gate: Gate) -> None:
    held, quick = pool.submit(tasks.stand, gate.paths), settle(pool.submit(tasks.square, 2))
    seen = []
    with pytest.raises(TimeoutError, match=r"1 \(of 2\) futures unfinished"):
        seen.extend(as_completed([held, quick], timeout=0.01))
    gate.open()


def test_as_completed_yields_each_once(pool: Executor) -> None:
    future = pool.submit(tasks.square, 2)
    assert list(as_completed([future, future])) == [future]


def test_futures_of_two_executors(pool: Executor, fresh: Make) -> None:
    futures = {pool.submit(tasks.square, 2), fresh(1).submit(tasks.square, 3)}
    assert {future.result() for future in as_completed(futures)} == {4, 9}


# --- Callbacks -----------------------------------------------------------------------------------------------------


def test_callbacks_in_their_order(pool: Executor, gate: Gate) -> None:
    called: list[Any] = []
    future = pool.submit(tasks.stand, gate.paths)
    for name in "abc":
        future.add_done_callback(lambda ended, name=name: called.append((name, ended)))
    last = threading.Event()
    future.add_done_callback(lambda _: last.set())
    gate.open()
    assert last.wait(60)
    assert called == [("a", future), ("b", future), ("c", future)]


def test_callback_runs_in_the_host(pool: Executor, gate: Gate) -> None:
    where: list[Any] = []
    called = threading.Event()

    def note(_: Future[Any]) -> None:
        where.extend((os.getpid(), threading.current_thread()))
        called.set()

    future = pool.submit(tasks.stand, gate.paths)
    future.add_done_callback(note)
    gate.open()
    assert called.wait(60)
    assert where[0] == os.getpid()
    assert isinstance(where[1], threading.Thread)


def test_callback_of_what_is_done_runs_at_once(pool: Executor) -> None:
    future = settle(pool.submit(tasks.square, 2))
    called: list[Any] = []
    future.add_done_callback(lambda ended: called.append((ended, threading.current_thread())))
    assert called == [(future, threading.current_thread())]


def test_callback_that_raises(pool: Executor, gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    called = threading.Event()

    def fail(_: Future[Any]) -> None:
        raise tasks.PlainError("in the callback")

    future = pool.submit(tasks.stand, gate.paths, 5)
    future.add_done_callback(fail)
    future.add_done_callback(lambda _: called.set())
    with caplog.at_level(logging.ERROR, "concurrent.futures"):
        gate.open()
        assert called.wait(60)
    assert future.result() == 5
    assert "exception calling callback" in caplog.text
    assert "in the callback" in caplog.text
    assert pool.submit(tasks.square, 3).result() == 9


def test_callback_that_submits(pool: Executor) -> None:
    done = threading.Event()
    results: list[int] = []

    def again(ended: Future[int]) -> None:
        results.append(ended.result())
        if len(results) < 5:
            pool.submit(tasks.square, ended.result()).add_done_callback(again)
        else:
            done.set()

    pool.submit(tasks.square, 2).add_done_callback(again)
    assert done.wait(60)
    assert results == [4, 16, 256, 65536, 2**32]


def test_callback_of_an_error(pool: Executor) -> None:
    seen: list[Any] = []
    called = threading.Event()

    def note(ended: Future[Any]) -> None:
        seen.append(ended.exception())
        called.set()

    pool.submit(tasks.reciprocal, 0).add_done_callback(note)
    assert called.wait(60)
    assert isinstance(seen[0], ZeroDivisionError)


def test_callback_of_what_was_cancelled(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    pool.submit(tasks.stand, gate.paths)
    gate.wait()
    future = [pool.submit(tasks.square, n) for n in range(6)][-1]
    called: list[Any] = []
    future.add_done_callback(called.append)
    assert future.cancel()
    assert called == [future]
    gate.open()


# --- Event loops ---------------------------------------------------------------------------------------------------


def test_run_in_executor(pool: Executor) -> None:
    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        calls = [loop.run_in_executor(pool, tasks.square, n) for n in range(10)]
        calls.append(loop.run_in_executor(pool, functools.partial(tasks.add, 1, 2, third=3)))
        return await asyncio.gather(*calls)

    assert asyncio.run(main()) == [*(n * n for n in range(10)), 6]


def test_error_in_an_executor_of_a_loop(pool: Executor) -> None:
    async def main() -> None:
        await asyncio.get_running_loop().run_in_executor(pool, tasks.reciprocal, 0)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(main())


def test_cancel_in_a_loop(fresh: Make, gate: Gate) -> None:
    pool = fresh(1)
    held = pool.submit(tasks.stand, gate.paths)
    gate.wait()
    futures = [pool.submit(tasks.square, n) for n in range(6)]

    async def main() -> None:
        wrapped = asyncio.wrap_future(futures[-1])
        wrapped.cancel()
        with pytest.raises(asyncio.CancelledError):
            await wrapped

    asyncio.run(main())
    assert futures[-1].cancelled()
    gate.open()
    assert held.result() is None


def test_time_out_in_a_loop(pool: Executor, gate: Gate) -> None:
    async def main() -> None:
        call = asyncio.get_running_loop().run_in_executor(pool, tasks.stand, gate.paths)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await call
        assert call.cancelled()

    asyncio.run(main())
    gate.open()
    assert pool.submit(tasks.square, 3).result() == 9
