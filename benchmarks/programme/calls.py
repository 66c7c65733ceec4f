"""Sections on calls: the smallest, with payloads, from many callers, one after another for long, many at once."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

from benchmarks.programme import floors, tasks, ways
from benchmarks.programme.figures import Turns, interleaved, once_a_round, summary, timed

FUTEX: Final = "futex pair, asleep (floor)"
FUTEX_SPINNING: Final = "futex pair, spinning (floor)"
MEMCPY: Final = "memcpy there and back (floor)"
CARRY: Final = "two threads that copy twice a direction (floor)"


def call(seconds: float, quick: bool) -> dict[str, Any]:
    """`1+1` and its answer."""
    with ExitStack() as stack:
        found, missing = ways.open_ways(stack, ways.ALL)
        turns = {name: way.turns("tiny", 1) for name, way in found.items()}
        turns |= _pairs(stack)
        return {"rows": interleaved(turns, seconds), "missing": missing}


def _pairs(stack: ExitStack) -> dict[str, Turns]:
    # One at a time: the library has one partner.
    def turns(spins: int) -> Turns:
        def take(count: int) -> list[float]:
            with contextlib.closing(floors.Pair(spins)) as pair:
                pair.turns(3)
                return pair.turns(max(count, 20))

        return take

    return {FUTEX: turns(floors.ASLEEP), FUTEX_SPINNING: turns(floors.SPINNING)}


# --- Payloads -------------------------------------------------------------------------------------------------------

SIZES: Final = (1, 64, 1 << 10, 16 << 10, 256 << 10, 1 << 20, 8 << 20, 64 << 20)
# What values can be sent there and back by; a fresh process is as fast as another once it is there.
CARRIERS: Final = (
    ways.FORKSERVER, ways.LOKY, ways.PEBBLE, ways.INLINE, ways.THREADS, ways.PRISTINE, ways.KEPT, ways.EXECUTOR,
    ways.INTERPRETERS, ways.MONTY,
)  # fmt: skip


def payload(seconds: float, quick: bool) -> dict[str, Any]:
    """Bytes there and back, by size."""
    sizes = SIZES[:-2] if quick else SIZES
    points: dict[str, Any] = {}
    refused: dict[str, str] = {}
    with ExitStack() as stack:
        found, missing = ways.open_ways(stack, CARRIERS)
        for size in sizes:
            data = b"x" * size
            turns = {}
            for name, way in found.items():
                if name in refused:
                    continue
                try:
                    way.call("echo", data)
                except Exception as error:  # noqa: BLE001 - some peers have a largest message
                    refused[name] = f"not above {_shown(size // 8)}: {type(error).__name__}"
                else:
                    turns[name] = way.turns("echo", data)
            turns[MEMCPY] = floors.Copy(size).turns
            turns[CARRY] = floors.Carry(size).turns
            points[str(size)] = interleaved(turns, seconds / len(sizes), slice_seconds=0.005)
    return {"points": points, "missing": missing, "refused": refused}


def _shown(size: int) -> str:
    return f"{size >> 20} MB" if size >= 1 << 20 else f"{size >> 10} KB" if size >= 1 << 10 else f"{size} B"


def items(seconds: float, quick: bool) -> dict[str, Any]:
    """A dict of a thousand small nested items there and back."""
    with ExitStack() as stack:
        found, missing = ways.open_ways(stack, CARRIERS)
        turns = {name: way.turns("echo", tasks.ITEMS) for name, way in found.items()}
        return {"rows": interleaved(turns, seconds), "missing": missing}


# --- Many callers ---------------------------------------------------------------------------------------------------

CALLERS: Final = (1, 3, 10, 30, 100, 300, 1000)
SHARED: Final = (ways.FORKSERVER, ways.THREADS, ways.PRISTINE, ways.KEPT, ways.EXECUTOR, ways.INTERPRETERS)


def callers(seconds: float, quick: bool) -> dict[str, Any]:
    """So many threads that call again and again, on two workers: what each call takes, its wait included."""
    levels = CALLERS[:4] if quick else CALLERS
    points: dict[str, Any] = {}
    with ExitStack() as stack:
        found, missing = ways.open_ways(stack, SHARED, workers=2)
        for level in levels:
            span = seconds / len(levels) / len(found)
            points[str(level)] = {name: _crowd(way, level, span) for name, way in found.items()}
    return {"points": points, "missing": missing}


def _crowd(way: ways.Way, level: int, seconds: float) -> dict[str, float]:
    taken: list[list[float]] = [[] for _ in range(level)]
    begin = threading.Barrier(level + 1)
    over = threading.Event()
    troubles: list[BaseException] = []

    def caller(took: list[float]) -> None:
        begin.wait()
        try:
            while not took or not over.is_set():
                took.append(timed(lambda: way.call("tiny", 1)))
        except BaseException as error:  # noqa: BLE001 - told by the section
            troubles.append(error)

    threads = [threading.Thread(target=caller, args=(took,)) for took in taken]
    for thread in threads:
        thread.start()
    begin.wait()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    return summary(each for took in taken for each in took)


# --- One worker for long --------------------------------------------------------------------------------------------

LONG: Final = (ways.PRISTINE, ways.KEPT, ways.EXECUTOR, ways.INTERPRETERS)


def executions(seconds: float, quick: bool) -> dict[str, Any]:
    """The latency of one worker's first calls, of its hundredth, of its hundred thousandth."""
    edges = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000]
    points: dict[str, Any] = {}
    with ExitStack() as stack:
        found, missing = ways.open_ways(stack, LONG)
        turns = {name: way.turns("tiny", 1) for name, way in found.items()}
        done = 0
        left = {name: seconds * (0.4 if name == ways.PRISTINE else 0.2) for name in turns}
        for edge in edges[:6] if quick else edges:
            point = {}
            for name, take in turns.items():
                if left[name] <= 0:
                    continue
                took: list[float] = []
                while len(took) < edge - done and left[name] > 0:
                    start = time.monotonic()
                    took += take(min(edge - done - len(took), 200))
                    left[name] -= time.monotonic() - start
                if len(took) == edge - done:
                    point[name] = summary(took)
            done = edge
            points[str(edge)] = point
    return {"points": points, "missing": missing}


# --- Many tasks -----------------------------------------------------------------------------------------------------

POOLS: Final = (
    ways.FORK, ways.FORKSERVER, ways.SPAWN, ways.LOKY, ways.PEBBLE, ways.THREADS, ways.PRISTINE, ways.KEPT,
    ways.EXECUTOR, ways.INTERPRETERS,
)  # fmt: skip
# Two of them take no notice of `chunksize`.
CHUNKED: Final = (ways.FORK, ways.FORKSERVER, ways.SPAWN, ways.LOKY, ways.EXECUTOR)


def _throughput(way: ways.Way, count: int) -> Callable[[], float]:
    begin = way.begin
    assert begin is not None

    def measure() -> float:
        def run() -> None:
            for wait in [begin("tiny", 1) for _ in range(count)]:
                wait()

        return count / timed(run)

    return measure


def _chunks(executor: Any, count: int) -> Callable[[], float]:
    return lambda: count / timed(lambda: list(executor.map(tasks.tiny, range(count), chunksize=1_000)))


def tiny(seconds: float, quick: bool) -> dict[str, Any]:
    """Tasks a second of two workers: one task a call, and in chunks of a thousand."""
    with ExitStack() as stack:
        found, missing = ways.open_ways(stack, POOLS, workers=2)
        single = {name: _throughput(way, 100 if quick else 400) for name, way in found.items()}
        chunked = {
            name: _chunks(way.executor, 4_000 if quick else 40_000)
            for name, way in found.items()
            if name in CHUNKED
        }
        return {
            "rows": once_a_round(single, seconds * 0.7),
            "chunked": once_a_round(chunked, seconds * 0.3),
            "missing": missing,
        }


WORKERS: Final = (1, 2, 4, 8, 16, 32, 64)
SCALED: Final = (ways.FORKSERVER, ways.THREADS, ways.KEPT, ways.EXECUTOR, ways.INTERPRETERS)


def workers(seconds: float, quick: bool) -> dict[str, Any]:
    """Tiny tasks a second, by the number of workers."""
    levels = WORKERS[:3] if quick else WORKERS
    points: dict[str, Any] = {}
    missing: dict[str, str] = {}
    for level in levels:
        with ExitStack() as stack:
            found, missing = ways.open_ways(stack, SCALED, workers=level)
            measures = {name: _throughput(way, 300) for name, way in found.items()}
            points[str(level)] = once_a_round(measures, seconds / len(levels))
    return {"points": points, "missing": missing}


# --- A processor's work ---------------------------------------------------------------------------------------------

COMPUTING: Final = (ways.FORKSERVER, ways.SPAWN, ways.THREADS, ways.KEPT, ways.EXECUTOR, ways.INTERPRETERS)


def speed_up(seconds: float, quick: bool) -> dict[str, Any]:
    """What two workers save of the time that one takes for the same tasks."""
    turns = 200_000 if quick else 1_000_000
    with ExitStack() as ones, ExitStack() as twos:
        single, missing = ways.open_ways(ones, COMPUTING, workers=1)
        double, _ = ways.open_ways(twos, COMPUTING, workers=2)

        def ratio(name: str) -> Callable[[], float]:
            def work(way: ways.Way) -> None:
                assert way.begin is not None
                for wait in [way.begin("count", turns) for _ in range(4)]:
                    wait()

            return lambda: timed(lambda: work(single[name])) / timed(lambda: work(double[name]))

        return {"rows": once_a_round({name: ratio(name) for name in single}, seconds), "missing": missing}
