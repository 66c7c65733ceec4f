"""Runs that wait for whichever of several slots is free first."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from slots import STUCK, Answer, answer, begin, child, make, native, run

N = native()
MOST = 10**6


def request(
    run_id: int, code: str, timeout: float = 0.0, memory_limit: int = 0
) -> tuple[int, bytes, float, int]:
    return run_id, N.encode((code, "<enclave>", None, {})), timeout, memory_limit


def add(queue: Any, *codes: str, **limits: Any) -> list[int]:
    """Add scripts; the ids of their runs."""
    first: int = queue.reserve(len(codes))
    ids = list(range(first, first + len(codes)))
    queue.add([request(run_id, code, **limits) for run_id, code in zip(ids, codes, strict=True)])
    return ids


@pytest.fixture
def slot() -> Iterator[Any]:
    made = make(pristine=False)
    yield made
    assert made.close(STUCK)


@pytest.fixture
def pair() -> Iterator[tuple[Any, Any]]:
    made = make(pristine=False), make(pristine=False)
    yield made
    for one in made:
        assert one.close(STUCK)


def hold(queue: Any, slot: Any) -> tuple[int, int]:
    """A run that waits for an answer, and the call's id; the caller answers it."""
    (run_id,) = add(queue, "x = []\ncall_tool('wait', {})\nx.append(0)")
    kind, call_id, *_ = slot.next_event(STUCK)
    assert kind == N.EVENT_TOOL_CALL
    return run_id, call_id


def test_they_run_in_their_order_on_what_the_others_left(slot: Any) -> None:
    queue = N.RunQueue()
    slot.join(queue, MOST)
    run_id, call_id = hold(queue, slot)
    ids = add(queue, *[f"x.append({n})\nx[:]" for n in range(1, 50)])
    ids += add(queue, *[f"x.append({n})\nx[:]" for n in range(50, 60)])
    assert slot.reply(call_id, True, N.encode(None))
    assert answer(slot, run_id) == (N.OUTCOME_VALUE, 0, None)
    for n, one in enumerate(ids, 1):
        assert answer(slot, one) == (N.OUTCOME_VALUE, 0, list(range(n + 1)))
    assert slot.run_count == 60


def test_a_slot_that_rests_begins_at_once_and_one_that_comes_too(slot: Any) -> None:
    queue = N.RunQueue()
    (before,) = add(queue, "0 + 1")
    assert queue.halt(before + 1, N.HALT_ABORTED) is False
    slot.join(queue, MOST)
    assert answer(slot, before).value == 1
    (one,) = add(queue, "1 + 1")
    assert answer(slot, one).value == 2
    queue.add([])


def test_none_of_the_host_beside_them(slot: Any) -> None:
    queue = N.RunQueue()
    slot.join(queue, MOST)
    for refused in (lambda: begin(slot, "2"), slot.checkpoint, lambda: slot.join(queue, 1)):
        with pytest.raises(N.NativeError, match="a run is under way"):
            refused()
    assert slot.leave() is True
    assert slot.leave() is True
    with pytest.raises(N.NativeError, match="no such checkpoint"):
        slot.join(queue, MOST, fall_back=77)
    add(queue, "3")
    assert run(slot, "4") == Answer(N.OUTCOME_VALUE, 0, 4)


def test_who_leaves_ends_what_it_has_begun(slot: Any) -> None:
    queue = N.RunQueue()
    slot.join(queue, MOST)
    run_id, call_id = hold(queue, slot)
    (after,) = add(queue, "'never'")
    assert (slot.busy, slot.run_id) == (True, run_id)
    assert slot.leave() is False
    slot.reply(call_id, True, N.encode(None))
    assert answer(slot, run_id).outcome == N.OUTCOME_VALUE
    assert slot.leave() is True
    assert queue.withdraw() == [after]
    assert slot.run_count == 1


def test_an_end_that_nobody_has_heard_of_is_not_forgotten(slot: Any) -> None:
    queue = N.RunQueue()
    slot.join(queue, MOST)
    (one,) = add(queue, "1")
    end = time.monotonic() + STUCK
    while slot.run_id == one or not slot.run_count:
        assert time.monotonic() < end
    assert slot.leave() is False
    assert answer(slot, one).value == 1
    assert slot.leave() is True


def test_a_nudge_ends_a_wait_once(slot: Any) -> None:
    slot.nudge()
    assert slot.next_event(None) is None
    nudged = threading.Timer(0.05, slot.nudge)
    nudged.start()
    assert slot.next_event(STUCK) is None
    nudged.join()
    assert slot.next_event(0.0) is None
    run_id = begin(slot, "7")
    assert answer(slot, run_id).value == 7


def test_no_more_than_it_may(slot: Any) -> None:
    queue = N.RunQueue()
    slot.join(queue, 3)
    ids = add(queue, *"12345")
    for one in ids[:3]:
        assert answer(slot, one).outcome == N.OUTCOME_VALUE
    assert queue.withdraw() == ids[3:]
    assert slot.leave() is True


def test_what_has_not_begun_can_be_taken_back(slot: Any) -> None:
    queue = N.RunQueue()
    slot.join(queue, MOST)
    run_id, call_id = hold(queue, slot)
    ids = add(queue, *[f"x.append({n})" for n in range(10)])
    assert queue.withdraw(ids[3]) == [ids[3]]
    assert queue.withdraw(ids[3]) == []
    assert queue.withdraw(run_id) == []
    last = queue.withdraw(ids[9])
    more = add(queue, "x")
    slot.reply(call_id, True, N.encode(None))
    answer(slot, run_id)
    for one in ids[:3] + ids[4:9]:
        assert answer(slot, one).outcome == N.OUTCOME_VALUE
    assert last == [ids[9]]
    assert answer(slot, more[0]).value == [0, 0, 1, 2, 4, 5, 6, 7, 8]
    assert queue.withdraw() == []


def test_a_halt_strikes_the_one_that_it_is_meant_for(slot: Any) -> None:
    """GIVEN three that wait WHEN the second is halted before its turn THEN the others run."""
    queue = N.RunQueue()
    slot.join(queue, MOST)
    run_id, call_id = hold(queue, slot)
    first, second, third = add(queue, "1", "while True: pass", "3")
    assert not slot.halt(second, N.HALT_ABORTED)
    assert queue.halt(second, N.HALT_ABORTED)
    slot.reply(call_id, True, N.encode(None))
    assert answer(slot, run_id).outcome == N.OUTCOME_VALUE
    assert answer(slot, first).value == 1
    assert answer(slot, second) == (N.OUTCOME_HALTED, N.HALT_ABORTED, None)
    assert answer(slot, third).value == 3
    assert not queue.halt(second, N.HALT_ABORTED)


def test_limits_are_their_own_and_count_from_their_turn(slot: Any) -> None:
    queue = N.RunQueue()
    slot.join(queue, MOST)
    busy = "import time\nbegun = time.perf_counter()\nwhile time.perf_counter() - begun < 0.3: pass"
    (run_id,) = add(queue, busy)
    (patient,) = add(queue, "'in time'", timeout=0.2)
    (endless,) = add(queue, "while True: pass", timeout=0.05)
    (large,) = add(queue, "bytearray(2_000_000)", memory_limit=1_000_000)
    (last,) = add(queue, "len(bytearray(2_000_000))")
    answer(slot, run_id)
    assert answer(slot, patient).value == "in time"
    assert answer(slot, endless)[:2] == (N.OUTCOME_HALTED, N.HALT_TIMEOUT)
    assert answer(slot, large)[:2] == (N.OUTCOME_HALTED, N.HALT_MEMORY)
    assert answer(slot, last).value == 2_000_000


def test_a_halt_goes_back_to_the_checkpoint(slot: Any) -> None:
    run(slot, "kept = 'kept'")
    checkpoint = slot.checkpoint()
    queue = N.RunQueue()
    slot.join(queue, MOST, fall_back=checkpoint)
    (endless,) = add(queue, "kept = 'lost'\nwhile True: pass", timeout=0.05)
    (after,) = add(queue, "kept")
    assert answer(slot, endless)[:2] == (N.OUTCOME_HALTED, N.HALT_TIMEOUT)
    assert answer(slot, after).value == "kept"


def test_arguments_are_checked(slot: Any) -> None:
    queue = N.RunQueue()
    for wrong in ([1], [(b"",)], [(1, "", 0.0, 0)], [(1, b"", "", 0)], (), None):
        with pytest.raises(TypeError):
            queue.add(wrong)
    with pytest.raises(TypeError):
        slot.join(slot, 1)
    with pytest.raises(ValueError, match="-1"):
        slot.join(queue, -1)
    with pytest.raises(ValueError, match="-1"):
        queue.reserve(-1)
    with pytest.raises(ValueError, match="99"):
        queue.halt(1, 99)
    assert run(slot, "1") == Answer(N.OUTCOME_VALUE, 0, 1)


def test_two_share_and_none_begins_before_an_earlier_one(pair: tuple[Any, Any]) -> None:
    """GIVEN two slots WHEN one is held up THEN the other does all the rest, in order."""
    queue = N.RunQueue()
    for slot in pair:
        slot.join(queue, MOST)
    (run_id,) = add(queue, "call_tool('wait', {})")
    held, free = pair if pair[0].busy else pair[::-1]
    kind, call_id, *_ = held.next_event(STUCK)
    assert kind == N.EVENT_TOOL_CALL
    run_first = add(queue, "x = []")
    assert answer(free, run_first[0]).outcome == N.OUTCOME_VALUE
    ids = add(queue, *[f"x.append({n})\nx[:]" for n in range(100)])
    for n, one in enumerate(ids):
        assert answer(free, one).value == list(range(n + 1))
    held.reply(call_id, True, N.encode(None))
    assert answer(held, run_id).outcome == N.OUTCOME_VALUE


def test_nothing_is_lost_or_doubled_while_they_come_and_go() -> None:
    """GIVEN slots that join and leave at random WHEN jobs come, are taken back or halted THEN each ends once."""
    rng = random.Random(5)
    queue = N.RunQueue()
    slots = [make(pristine=False) for _ in range(3)]
    ended: list[int] = []
    stop = threading.Event()

    def serve(slot: Any, rng: random.Random) -> None:
        while not stop.is_set():
            slot.join(queue, rng.choice((1, 5, MOST)))
            for _ in range(rng.randrange(20)):
                event = slot.next_event(0.002)
                if event is not None:
                    ended.append(event[1])
            while not slot.leave():
                event = slot.next_event(STUCK)
                if event is not None:
                    ended.append(event[1])

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    threads = [threading.Thread(target=serve, args=(slot, random.Random(n))) for n, slot in enumerate(slots)]
    for thread in threads:
        thread.start()
    added: list[int] = []
    back: list[int] = []
    try:
        for _ in range(400):
            ids = add(queue, *["1"] * rng.randrange(12))
            added += ids
            choice = rng.random()
            if choice < 0.2 and ids:
                back += queue.withdraw(rng.choice(ids))
            elif choice < 0.25:
                back += queue.withdraw()
            elif choice < 0.45 and ids:
                queue.halt(rng.choice(ids), N.HALT_ABORTED)
        over = threading.Event()
        waiter = threading.Timer(STUCK, over.set)
        waiter.start()
        while len(ended) + len(back) < len(added) and not over.is_set():
            over.wait(0.01)
        waiter.cancel()
    finally:
        stop.set()
        for thread in threads:
            thread.join(STUCK)
        sys.setswitchinterval(before)
        for slot in slots:
            assert slot.close(STUCK)
    assert sorted(ended + back) == added


CLOSED = r"""
N = native()
def jobs(queue, code, count):
    first = queue.reserve(count)
    queue.add([(n, N.encode((code, "<enclave>", None, {})), 0.0, 0) for n in range(first, first + count)])
    return list(range(first, first + count))
queue = N.RunQueue()
slot = make(pristine=False)
slot.join(queue, 1000)
(run_id,) = jobs(queue, "call_tool('begun', {})\nwhile True: pass", 1)
slot.reply(slot.next_event(STUCK)[1], True, N.encode(None))
ids = jobs(queue, "1", 100)
assert slot.close(STUCK)
assert answer(slot, run_id)[:2] == (N.OUTCOME_HALTED, N.HALT_CLOSED)
assert slot.leave()
assert queue.withdraw() == ids
try:
    slot.join(queue, 1)
except N.NativeError as error:
    report(error=str(error))
dropped, other = N.RunQueue(), make(pristine=False)
jobs(dropped, "while True: pass", 100)
other.join(dropped, 1000)
del other, dropped
crashed, third = N.RunQueue(), make(pristine=False)
third.join(crashed, 1000)
(last,) = jobs(crashed, "import os; os.abort()", 1)
after = jobs(crashed, "1", 3)
assert answer(third, last).outcome == N.OUTCOME_CRASHED
fourth = make(pristine=False)
fourth.join(crashed, 1000)
for one in after:
    assert answer(fourth, one).value == 1
resting = make(pristine=False)
resting.join(crashed, 1000)
del resting, crashed
"""


def test_a_slot_that_ends_begins_none() -> None:
    ended = child(CLOSED)
    ended.check()
    assert ended.reports[0]["error"] == "the worker has ended"


def lend(queue: Any, code: str) -> tuple[int, bytearray]:
    """Add a script whose whole request is lent: its run, and the buffer, which cannot grow meanwhile."""
    run_id = queue.reserve(1)
    _, data, *limits = request(run_id, code)
    lent = bytearray(data)
    queue.add([(run_id, b"", *limits, [lent])])
    return run_id, lent


def test_what_is_lent_to_one_that_waits_is_there_in_its_turn_and_goes_back(slot: Any) -> None:
    queue = N.RunQueue()
    slot.join(queue, MOST)
    run_id, call_id = hold(queue, slot)
    first, one = lend(queue, "'first'")
    second, other = lend(queue, "'second'")
    (third,) = add(queue, "'nothing lent'")
    for buffer in (one, other):
        with pytest.raises(BufferError):
            buffer.append(0)
    slot.reply(call_id, True, N.encode(None))
    assert answer(slot, run_id).outcome == N.OUTCOME_VALUE
    assert answer(slot, first).value == "first"
    one.append(0)
    assert answer(slot, second).value == "second"
    other.append(0)
    assert answer(slot, third).value == "nothing lent"


def test_what_is_lent_to_one_that_never_begins_goes_back(slot: Any) -> None:
    queue = N.RunQueue()
    run_id, withdrawn = lend(queue, "1")
    _, dropped = lend(queue, "2")
    assert queue.withdraw(run_id) == [run_id]
    withdrawn.append(0)
    refused = bytearray(1)
    for wrong in ([(1, b"", 0.0, 0, [refused]), (2, b"", 0.0, 0, [1])], [(1, b"", 0.0, 0, [refused, None])]):
        with pytest.raises(TypeError):
            queue.add(wrong)
        refused.append(0)
    # WHEN the queue goes while a slot still takes its jobs there
    slot.join(queue, 0)
    with pytest.raises(BufferError):
        dropped.append(0)
    del queue
    dropped.append(0)


def test_what_is_lent_to_one_that_is_halted_goes_back(slot: Any) -> None:
    queue = N.RunQueue()
    slot.join(queue, MOST)
    run_id, call_id = hold(queue, slot)
    waiting, lent = lend(queue, "while True: pass")
    assert queue.halt(waiting, N.HALT_ABORTED)
    slot.reply(call_id, True, N.encode(None))
    assert answer(slot, run_id).outcome == N.OUTCOME_VALUE
    assert answer(slot, waiting) == (N.OUTCOME_HALTED, N.HALT_ABORTED, None)
    lent.append(0)
