"""What is called, with what, and what comes back."""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import fractions
import functools
import ipaddress
import operator
import pathlib
import pickle
import re
import textwrap
import threading
import uuid
import zlib
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from enclave_subinterp import EnclaveExecutor
from tests.executor import tasks

MB = 1024 * 1024


def test_submit_gives_a_future(pool: Executor) -> None:
    future = pool.submit(tasks.square, 7)
    assert isinstance(future, Future)
    assert future.result() == 49
    assert future.done()
    assert not future.running()
    assert not future.cancelled()
    assert not future.cancel()
    assert future.exception() is None


def test_arguments(pool: Executor) -> None:
    future = pool.submit(tasks.capture, 1, "two", [3], four=4, five=None)
    assert future.result() == ((1, "two", [3]), {"four": 4, "five": None})


def test_keywords_that_submit_has_itself(pool: Executor) -> None:
    future = pool.submit(tasks.capture, 1, self=2, fn=3, args=4, kwargs=5, timeout=6)
    assert future.result() == ((1,), {"self": 2, "fn": 3, "args": 4, "kwargs": 5, "timeout": 6})


def test_submit_without_a_function(pool: Executor) -> None:
    with pytest.raises(TypeError):
        pool.submit()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        pool.submit(fn=tasks.square)  # type: ignore[call-arg]


def test_not_callable(pool: Executor) -> None:
    with pytest.raises(TypeError, match="'int' object is not callable"):
        pool.submit(3).result()  # type: ignore[arg-type]


def test_wrong_arguments(pool: Executor) -> None:
    with pytest.raises(TypeError, match=r"square\(\) takes 1 positional argument but 2 were given"):
        pool.submit(tasks.square, 1, 2).result()  # type: ignore[call-arg]


def test_none_is_a_result(pool: Executor) -> None:
    assert pool.submit(tasks.nothing).result() is None


CALLS: dict[str, tuple[Callable[..., Any], tuple[Any, ...], Any]] = {
    "builtin": (pow, (2, 10), 1024),
    "type": (int, ("12",), 12),
    "C method": (str.upper, ("abc",), "ABC"),
    "bound C method": ("a-b".split, ("-",), ["a", "b"]),
    "partial": (functools.partial(tasks.add, 1, third=5), (2,), 8),
    "partial of partial": (functools.partial(functools.partial(tasks.add, 1), 2), (), 3),
    "bound method": (tasks.Adder(5).add, (1,), 6),
    "class method": (tasks.Adder.from_base, (1,), 101),
    "static method": (tasks.Adder.double, (4,), 8),
    "method of an inner class": (tasks.Adder.Inner().triple, (3,), 9),
    "callable object": (tasks.Adder(5), (1,), 6),
    "class": (tasks.Point, (1, 2), tasks.Point(1, 2)),
    "cached function": (tasks.cached, (1,), 2),
    "itemgetter": (operator.itemgetter(1), ([1, 2],), 2),
    "attrgetter": (operator.attrgetter("x"), (tasks.Point(1, 2),), 1),
    "methodcaller": (operator.methodcaller("upper"), ("abc",), "ABC"),
    "function of the library": (textwrap.dedent, ("  a",), "a"),
}


@pytest.mark.parametrize("name", CALLS)
def test_callables(pool: Executor, name: str) -> None:
    function, args, expected = CALLS[name]
    assert pool.submit(function, *args).result() == expected


UTC = datetime.UTC
VALUES: dict[str, Any] = {
    "scalars": [None, True, False, 0, -1, 10**40, 1.5, float("inf"), 1 + 2j, ..., NotImplemented],
    "text": ["", "naïve", "\U0001f40d", "\x00", "\ud800"],
    "bytes": [b"", b"\x00\xff", bytearray(b"abc")],
    "containers": [[1, [2, (3,)]], {"a": {1: (2, {3})}}, {1, 2}, frozenset({3}), range(1, 9, 2)],
    "slice": slice(1, None, 2),
    "enum": tasks.Colour.GREEN,
    "flag": tasks.Access.READ | tasks.Access.WRITE,
    "int enum": tasks.Level.HIGH,
    "dataclass": tasks.Point(1, 2, ["t"]),
    "frozen dataclass with slots": tasks.Frozen("n", 0.5),
    "namedtuple": tasks.Pair(1, [2]),
    "typed namedtuple": tasks.Row("k", 3),
    "subclass of str": tasks.Text("sub"),
    "own reduce": tasks.Reduced(3),
    "decimal": decimal.Decimal("1.10"),
    "fraction": fractions.Fraction(2, 6),
    "datetime": datetime.datetime(2024, 2, 29, 12, 30, 1, 5, tzinfo=UTC),
    "time zone": datetime.timezone(datetime.timedelta(hours=5, minutes=30)),
    "date, time, timedelta": (datetime.date(1, 1, 1), datetime.time(23, 59), datetime.timedelta(days=-1)),
    "path": pathlib.Path("/a/b") / "c.txt",
    "pure path": pathlib.PureWindowsPath("c:/x"),
    "uuid": uuid.UUID(int=7),
    "deque": collections.deque([1, 2], maxlen=3),
    "counter": collections.Counter("abca"),
    "ordered dict": collections.OrderedDict([("b", 1), ("a", 2)]),
    "default dict": collections.defaultdict(list, {"a": [1]}),
    "array": array.array("d", [1.0, 2.5]),
    "pattern": re.compile("a+", re.IGNORECASE),
    "address": ipaddress.ip_network("10.0.0.0/8"),
    "class": tasks.Point,
    "function": tasks.square,
    "builtin": len,
    "module's exception class": tasks.PlainError,
}


@pytest.mark.parametrize("name", VALUES)
def test_values(pool: Executor, name: str) -> None:
    value = VALUES[name]
    back = pool.submit(tasks.identity, value).result()
    assert back == value
    assert type(back) is type(value)


def test_enum_members_stay_single(pool: Executor) -> None:
    assert pool.submit(tasks.identity, tasks.Colour.RED).result() is tasks.Colour.RED
    assert pool.submit(tasks.make, "Colour", 1).result() is tasks.Colour.RED


def test_types_keep_their_names(pool: Executor) -> None:
    assert pool.submit(tasks.describe, tasks.Point(1, 2)).result() == "tests.executor.tasks.Point"
    assert pool.submit(tasks.describe, decimal.Decimal(1)).result() == "decimal.Decimal"


def test_instances_made_by_the_task(pool: Executor) -> None:
    assert pool.submit(tasks.make, "Point", 1, 2).result() == tasks.Point(1, 2)
    assert pool.submit(tasks.make, "Frozen", "a", 1.0).result() == tasks.Frozen("a", 1.0)


def test_value_that_contains_itself(pool: Executor) -> None:
    loop: list[Any] = [1]
    loop.append(loop)
    back = pool.submit(tasks.identity, loop).result()
    assert back[0] == 1
    assert back[1] is back


def test_one_object_twice_stays_one(pool: Executor) -> None:
    shared = [1]
    assert pool.submit(tasks.same_twice, shared, shared).result()
    back = pool.submit(tasks.identity, [shared, shared]).result()
    assert back[0] is back[1]


def test_exception_as_a_value(pool: Executor) -> None:
    back = pool.submit(tasks.identity, tasks.DetailedError("text", 5)).result()
    assert isinstance(back, tasks.DetailedError)
    assert (back.args, back.code) == (("text",), 5)


def test_arguments_are_copies(pool: Executor) -> None:
    items = [1]
    assert pool.submit(tasks.append_to, items, 2).result() == [1, 2]
    assert items == [1]


@pytest.mark.parametrize("size", [1, 8, 64])
def test_large_bytes(pool: Executor, size: int) -> None:
    data = bytes(range(256)) * (size * MB // 256)
    assert pool.submit(tasks.checksum, data).result() == zlib.crc32(data)
    assert pool.submit(tasks.fill, size * MB).result() == b"x" * (size * MB)


def test_large_value_there_and_back(pool: Executor) -> None:
    value = {f"key {number}": [number, str(number), number / 3] for number in range(50_000)}
    assert pool.submit(tasks.identity, value).result() == value


def test_many_tiny_tasks(pool: Executor) -> None:
    futures = [pool.submit(tasks.square, number) for number in range(500)]
    assert [future.result() for future in futures] == [number * number for number in range(500)]


def test_submit_from_many_threads(pool: Executor) -> None:
    results: dict[int, list[int]] = {}

    def use(start: int) -> None:
        futures = [pool.submit(tasks.square, start + number) for number in range(20)]
        results[start] = [future.result() for future in futures]

    threads = [threading.Thread(target=use, args=(start,)) for start in range(0, 800, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {start: [(start + n) ** 2 for n in range(20)] for start in range(0, 800, 100)}


# --- Buffers -------------------------------------------------------------------------------------------------------


def test_object_with_buffers(pool: Executor) -> None:
    array = tasks.OutOfBand(bytearray(range(100)))
    back = pool.submit(tasks.bump_first, array).result()
    assert bytes(back.data) == bytes([1, *range(1, 100)])
    # THEN the caller's memory was not written, and what came back is the caller's own, to be written
    assert array.data[0] == 0
    back.data[0] = 9
    assert pool.submit(tasks.bump_first, array).result().data[0] == 1


def test_object_with_large_buffers(pool: Executor) -> None:
    back = pool.submit(tasks.bump_first, tasks.OutOfBand(bytearray(8 * MB))).result()
    assert len(back.data) == 8 * MB
    assert back.first() == 1


def test_buffers_are_a_tasks_own(pool: Executor) -> None:
    array = tasks.OutOfBand(bytearray(10))
    bumped = [pool.submit(tasks.bump_first, array).result().data[0] for _ in range(3)]
    assert bumped == [1, 1, 1]


def test_buffers_of_the_initializer_are_a_workers_own(fresh: Callable[..., Executor]) -> None:
    array = tasks.OutOfBand(bytearray(10))
    for _ in range(2):
        pool = fresh(1, initializer=tasks.bump_first, initargs=(array,))
        assert pool.submit(tasks.square, 2).result() == 4
    assert array.data[0] == 0


def test_pickle_buffer_as_an_argument(pool: Executor) -> None:
    assert pool.submit(tasks.checksum, pickle.PickleBuffer(b"abc"), b"d").result() == zlib.crc32(b"abcd")
    assert pool.submit(tasks.describe, pickle.PickleBuffer(bytearray(3))).result() == "builtins.bytearray"


def test_read_only_pickle_buffer_as_an_argument(pool: Executor) -> None:
    assert pool.submit(tasks.describe, pickle.PickleBuffer(b"abc")).result() == "builtins.bytes"


def test_shared_buffers() -> None:
    # GIVEN a view whose tasks share writable buffers with the program
    with EnclaveExecutor(1) as pool:
        sharing = pool.options(share_buffers=True)
        array = tasks.OutOfBand(bytearray(10))
        # WHEN tasks write into one THEN the program and the next task see it
        first = sharing.submit(tasks.bump_first, array).result()
        assert (first.data[0], array.data[0]) == (1, 1)
        assert [back.data[0] for back in sharing.map(tasks.bump_first, [array] * 4, chunksize=2)] == [
            3,
            3,
            5,
            5,
        ]
        assert array.data[0] == 5
        # AND the executor's other tasks have copies as before
        assert pool.submit(tasks.bump_first, array).result().data[0] == 6
        assert array.data[0] == 5
        # AND nothing writes into what is read-only here
        with pytest.raises(TypeError, match="read-only"):
            sharing.submit(tasks.bump_first, tasks.OutOfBand(bytes(10))).result()


def test_memoryview_is_no_argument(pool: Executor) -> None:
    with pytest.raises(TypeError, match="memoryview"):
        pool.submit(tasks.checksum, memoryview(b"abc")).result()
