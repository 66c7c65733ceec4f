"""Counts against their limits: what a run costs may not creep up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import counting


def test_the_limits_are_complete() -> None:
    assert counting.read_limits().keys() == counting.KINDS.keys()


@pytest.mark.parametrize("kind", counting.KINDS)
def test_no_count_is_over_its_limit(kind: str) -> None:
    """GIVEN limits that were counted WHEN the same is counted again THEN nothing has become dearer."""
    unit, count = counting.KINDS[kind]
    if unit in counting.OF_THE_COMPILER and counting.made_by() != counting.compiler():
        pytest.skip(
            f"the limits were taken with {counting.made_by()}, this is built with {counting.compiler()};"
            " `make guard ARGS=--renew` takes them anew"
        )
    try:
        found = count()
    except counting.NotHere as reason:
        pytest.skip(str(reason))
    limits = counting.read_limits()[kind]
    assert found.keys() == limits.keys() or unit == "calls", "limits without counts, or counts without limits"
    over = counting.judge(kind, found, limits)
    assert not over, "\n".join(map(str, over))


def test_what_is_dearer_is_found() -> None:
    """GIVEN limits WHEN counts are above them, or new THEN they are named; within the tolerance they are not."""
    limits = {"a": 100.0, "b": 100.0}
    found = {"a": 101.9, "b": 102.1, "c": 1.0}
    over = counting.judge("instructions of the heap and the rewind", found, limits)
    assert [each.name for each in over] == ["b", "c"]
    assert "b: 102.1, limit 100" in str(over[0])


def test_a_call_more_in_each_run_is_over() -> None:
    limits = {"kept, caller: futex": 2.1, "kept, caller: getpid": 1.0}
    assert not counting.judge("system calls", {"kept, caller: futex": 4.0, "kept, caller: brk": 0.1}, limits)
    assert counting.judge("system calls", {"kept, caller: futex": 5.0}, limits)
    assert counting.judge("system calls", {"kept, caller: getpid": 2.0}, limits)
    assert counting.judge("system calls", {"kept, caller: brk": 1.0}, limits)


def test_a_copy_more_is_over() -> None:
    assert counting.judge("copies of 1 MiB", {"task, 1 MiB in": 3.0}, {"task, 1 MiB in": 2.0})


def test_nothing_is_copied_more_than_twice() -> None:
    """What the limits may be renewed to has its own limit."""
    assert max(counting.read_limits()["copies of 1 MiB"].values()) <= 2.0
