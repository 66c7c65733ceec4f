"""Many times of one thing, and what is kept of them."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

MB: Final = 1024 * 1024
Turns = Callable[[int], Sequence[float]]  # so many turns -> seconds of each


def summary(values: Iterable[float]) -> dict[str, float]:
    """Median, 99th percentile, the middle half and how many there were."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")

    def at(share: float) -> float:
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    return {
        "median": statistics.median(ordered),
        "p99": at(0.99),
        "low": at(0.25),
        "high": at(0.75),
        "count": len(ordered),
    }


def interleaved(
    ways: Mapping[str, Turns], seconds: float, *, slice_seconds: float = 0.01, most: int = 500
) -> dict[str, dict[str, float]]:
    """Summaries of ways that take turns, in another order each round, until the time is over.

    Each has about `slice_seconds` of a round, and at least one turn; there are three rounds at least.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    sizes = dict.fromkeys(ways, 1)
    names = list(ways)
    start = time.monotonic()
    rounds = 0
    while rounds < 3 or time.monotonic() - start < seconds:
        rounds += 1
        random.shuffle(names)
        for name in names:
            took = ways[name](sizes[name])
            taken[name] += took
            each = statistics.median(took)
            sizes[name] = max(1, min(most, int(slice_seconds / each) if each > 0 else most))
    return {name: {**summary(values), "rounds": rounds} for name, values in taken.items()}


def once_a_round(
    ways: Mapping[str, Callable[[], float]], seconds: float, *, least: int = 3
) -> dict[str, dict[str, float]]:
    """The same of ways that measure themselves: a figure a round."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    start = time.monotonic()
    rounds = 0
    while rounds < least or time.monotonic() - start < seconds:
        rounds += 1
        random.shuffle(names)
        for name in names:
            taken[name].append(ways[name]())
    return {name: summary(values) for name, values in taken.items()}


def timed(call: Callable[[], Any]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
