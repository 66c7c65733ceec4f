"""Checkpoints of a slot: what they hold and give back, what a halt goes back to, and what they cost."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from typing import Any

import pytest
from slots import Answer, answer, begin, make, native, private_memory, run, settle

N = native()
KEEP = {"keep": True}
ENDLESS = "while True: pass"


@pytest.fixture(params=["auto", "remap"])
def slot(request: pytest.FixtureRequest) -> Iterator[Any]:
    made = make(rewind=request.param)
    yield made
    assert made.close(20.0)


def value(slot: Any, code: str, **limits: Any) -> Any:
    """The value of a run that leaves its state."""
    got = run(slot, code, **KEEP, **limits)
    assert got[:2] == (N.OUTCOME_VALUE, 0), got
    return got.value


def test_state_lives_until_a_run_without_keep(slot: Any) -> None:
    value(slot, "import json\nx = [1]\njson.mine = 'mine'")
    value(slot, "x.append(2)")
    assert value(slot, "x, json.mine") == ([1, 2], "mine")
    # WHEN a run is not to be kept THEN it finds the state, and the one after it does not
    assert run(slot, "len(x)").value == 2
    assert run(slot, "import json\n'x' in globals(), hasattr(json, 'mine')").value == (False, False)


def test_there_and_back(slot: Any) -> None:
    # GIVEN checkpoints of a small state, a large one, and one that was large
    value(slot, "x = 1")
    small = slot.checkpoint()
    value(slot, "x = 2\nbig = [bytes([n]) * 100_000 for n in range(100)]")
    large = slot.checkpoint()
    value(slot, "x = 3\ndel big")
    after = slot.checkpoint()
    assert len({small, large, after, 0}) == 4
    # WHEN they are put back in any order THEN each gives what was there
    check = "x, 'big' in globals() and [b == bytes([n]) * 100_000 for n, b in enumerate(big)] == [True] * 100"
    for mark, expected in [
        (small, (1, False)),
        (large, (2, True)),
        (after, (3, False)),
        (large, (2, True)),
        (small, (1, False)),
        (small, (1, False)),
    ]:
        slot.restore(mark)
        assert value(slot, check) == expected
        value(slot, "import json, re, decimal\nclass X: pass\nx = [X() for _ in range(5000)]")
    slot.restore(0)
    assert value(slot, "'x' in globals()") is False


def test_a_halt_goes_back_to_the_checkpoint_that_the_run_names(slot: Any) -> None:
    value(slot, "x = 1")
    first = slot.checkpoint()
    value(slot, "x = 2")
    second = slot.checkpoint()
    for how in (
        {"code": f"x = 9\n{ENDLESS}", "timeout": 0.01},
        {"code": "x = 9\nx = []\nwhile True: x.append(bytearray(100_000))"},
        {"code": "x = 9\nwhile True: print('x' * 99)", "max_output_bytes": 5000},
    ):
        for mark, expected in ((first, 1), (second, 2)):
            assert run(slot, fall_back=mark, **KEEP, **how).outcome == N.OUTCOME_HALTED
            assert value(slot, "x") == expected
    assert run(slot, ENDLESS, timeout=0.01, **KEEP).outcome == N.OUTCOME_HALTED
    assert value(slot, "'x' in globals()") is False


def test_what_is_refused(slot: Any) -> None:
    mark = slot.checkpoint()
    slot.forget(mark)
    for act in (slot.restore, slot.forget):
        for wrong in (mark, 99):
            with pytest.raises(N.NativeError, match="no such checkpoint"):
                act(wrong)
    with pytest.raises(N.NativeError, match="no such checkpoint"):
        begin(slot, "1", fall_back=mark, **KEEP)
    run_id = begin(slot, ENDLESS, **KEEP)
    assert slot.next_event(0) is None
    for refused in (slot.checkpoint, lambda: slot.restore(0), lambda: slot.forget(mark)):
        with pytest.raises(N.NativeError, match="a run is under way"):
            refused()
    slot.halt(run_id, N.HALT_ABORTED)
    assert answer(slot, run_id) == Answer(N.OUTCOME_HALTED, N.HALT_ABORTED, None)


def test_an_ended_slot_has_none() -> None:
    slot = make()
    slot.checkpoint()
    assert slot.close(20.0)
    for refused in (slot.checkpoint, lambda: slot.restore(0)):
        with pytest.raises(N.NativeError, match="the worker has ended"):
            refused()
    assert slot.checkpoint_memory == 0


def test_their_memory_is_bounded_counted_and_given_back() -> None:
    # GIVEN a state of some 10 MB in a slot of 32 MB WHEN checkpoints are taken until there is no room
    slot = make(memory_limit=32 << 20)
    value(slot, "x = [bytes(100_000) + bytes([n]) for n in range(100)]\ny = b'y' * 10_000_000")
    slot.forget(
        slot.checkpoint()
    )  # compared with the snapshot, whose pages count once they have been looked at
    marks: list[int] = []
    size = 0
    before = private_memory()
    while not marks or slot.checkpoint_memory + size <= 32 << 20:
        marks.append(slot.checkpoint())
        size = slot.checkpoint_memory // len(marks)
    with pytest.raises(N.NativeError, match="more than the worker's memory limit"):
        slot.checkpoint()
    # THEN they hold no more than the worker may, the state is whole, and what is forgotten is given back
    assert 10 << 20 < slot.checkpoint_memory <= 32 << 20
    for mark in marks:
        slot.forget(mark)
    assert slot.checkpoint_memory == 0
    assert private_memory() - before < 1 << 20
    assert value(slot, "len(x), y[-1:]") == (100, b"y")
    assert slot.close(20.0)


def test_a_checkpoint_of_nothing_is_small(slot: Any) -> None:
    slot.checkpoint()
    assert slot.checkpoint_memory < 64 << 10
    value(slot, "x = 1")
    before = slot.checkpoint_memory
    slot.checkpoint()
    assert slot.checkpoint_memory - before < 2 << 20


def test_event_fd() -> None:
    # GIVEN a slot that is starting THEN its descriptor tells of the start, of a tool call, of the end of a run and of
    # the slot's own, and is silent in between
    slot = make(wait=False)
    fd = slot.event_fd()
    assert slot.event_fd() == fd
    poll = select.poll()
    poll.register(fd, select.POLLIN)

    def heard() -> None:
        assert poll.poll(20_000)
        os.eventfd_read(fd)

    while slot.state == N.STATE_STARTING:
        heard()
    while poll.poll(0):
        heard()
    run_id = begin(slot, "call_tool('a', {}) + 1")
    while (event := slot.next_event(0)) is None:
        heard()
    assert event[0] == N.EVENT_TOOL_CALL
    slot.reply(event[1], True, N.encode(41))
    while (event := slot.next_event(0)) is None:
        heard()
    assert (event[0], event[1]) == (N.EVENT_DONE, run_id)
    settle(slot)
    while poll.poll(0):
        heard()
    # WHEN it ends THEN whoever asks is told
    assert slot.close(20.0)
    while slot.state != N.STATE_ENDED:
        heard()
    with pytest.raises(N.NativeError, match="has ended"):
        slot.next_event(0)
