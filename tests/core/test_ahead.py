"""Runs that are handed to a slot before their turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slots import STUCK, Answer, answer, begin, child, make, native, run

N = native()


def request(code: str, timeout: float = 0.0, memory_limit: int = 0) -> tuple[bytes, float, int]:
    return N.encode((code, "<enclave>", None, {})), timeout, memory_limit


@pytest.fixture
def slot() -> Iterator[Any]:
    made = make(pristine=False)
    yield made
    assert made.close(STUCK)


def hold(slot: Any) -> tuple[int, int]:
    """A run that waits for an answer, and the call's id; the caller answers it."""
    run_id = begin(slot, "x = []\ncall_tool('wait', {})\nx.append(0)")
    kind, call_id, *_ = slot.next_event(STUCK)
    assert kind == N.EVENT_TOOL_CALL
    return run_id, call_id


def test_they_run_in_their_order_on_what_the_others_left(slot: Any) -> None:
    run_id, call_id = hold(slot)
    ids = slot.start_ahead([request(f"x.append({n})\nx[:]") for n in range(1, 50)])
    ids += slot.start_ahead([request(f"x.append({n})\nx[:]") for n in range(50, 60)])
    assert slot.reply(call_id, True, N.encode(None))
    assert answer(slot, run_id) == (N.OUTCOME_VALUE, 0, None)
    for n, one in enumerate(ids, 1):
        assert answer(slot, one) == (N.OUTCOME_VALUE, 0, list(range(n + 1)))
    assert slot.run_count == 60


def test_an_idle_slot_begins_at_once(slot: Any) -> None:
    (one,) = slot.start_ahead([request("1 + 1")])
    assert answer(slot, one).value == 2
    assert slot.start_ahead([]) == []


def test_none_but_such_while_some_wait(slot: Any) -> None:
    run_id, call_id = hold(slot)
    slot.start_ahead([request("1")])
    with pytest.raises(N.NativeError, match="a run is under way"):
        begin(slot, "2")
    with pytest.raises(N.NativeError, match="no such checkpoint"):
        slot.start_ahead([request("3")], fall_back=77)
    slot.reply(call_id, True, N.encode(None))
    answer(slot, run_id)


def test_what_has_not_begun_can_be_taken_back(slot: Any) -> None:
    run_id, call_id = hold(slot)
    ids = slot.start_ahead([request(f"x.append({n})") for n in range(10)])
    assert slot.withdraw(ids[3]) == [ids[3]]
    assert slot.withdraw(ids[3]) == []
    assert slot.withdraw(run_id) == []
    last = slot.withdraw(ids[9])
    more = slot.start_ahead([request("x")])
    slot.reply(call_id, True, N.encode(None))
    answer(slot, run_id)
    for one in ids[:3] + ids[4:9]:
        assert answer(slot, one).outcome == N.OUTCOME_VALUE
    assert last == [ids[9]]
    assert answer(slot, more[0]).value == [0, 0, 1, 2, 4, 5, 6, 7, 8]
    assert slot.withdraw() == []


def test_one_and_those_after_it_can_be_taken_back(slot: Any) -> None:
    run_id, call_id = hold(slot)
    ids = slot.start_ahead([request(f"x.append({n})") for n in range(10)])
    assert slot.withdraw(ids[4], True) == ids[4:]
    assert slot.withdraw(ids[4], True) == []
    (last,) = slot.start_ahead([request("x")])
    slot.reply(call_id, True, N.encode(None))
    assert answer(slot, run_id).outcome == N.OUTCOME_VALUE
    for one in ids[:4]:
        assert answer(slot, one).outcome == N.OUTCOME_VALUE
    assert answer(slot, last).value == [0, 0, 1, 2, 3]


def test_a_halt_strikes_the_one_that_it_is_meant_for(slot: Any) -> None:
    """GIVEN three that wait WHEN the second is halted before its turn THEN the others run."""
    run_id, call_id = hold(slot)
    first, second, third = slot.start_ahead([request("1"), request("while True: pass"), request("3")])
    assert slot.halt(second, N.HALT_ABORTED)
    slot.reply(call_id, True, N.encode(None))
    assert answer(slot, run_id).outcome == N.OUTCOME_VALUE
    assert answer(slot, first).value == 1
    assert answer(slot, second) == (N.OUTCOME_HALTED, N.HALT_ABORTED, None)
    assert answer(slot, third).value == 3
    assert not slot.halt(second, N.HALT_ABORTED)


def test_limits_are_their_own_and_count_from_their_turn(slot: Any) -> None:
    run_id = begin(
        slot, "import time\nbegun = time.perf_counter()\nwhile time.perf_counter() - begun < 0.3: pass"
    )
    patient, endless, large, last = slot.start_ahead(
        [
            request("'in time'", timeout=0.2),
            request("while True: pass", timeout=0.05),
            request("bytearray(2_000_000)", memory_limit=1_000_000),
            request("len(bytearray(2_000_000))"),
        ]
    )
    answer(slot, run_id)
    assert answer(slot, patient).value == "in time"
    assert answer(slot, endless)[:2] == (N.OUTCOME_HALTED, N.HALT_TIMEOUT)
    assert answer(slot, large)[:2] == (N.OUTCOME_HALTED, N.HALT_MEMORY)
    assert answer(slot, last).value == 2_000_000


def test_arguments_are_checked(slot: Any) -> None:
    for wrong in ([1], [(b"",)], [("", 0.0, 0)], [(b"", "", 0)], (), None):
        with pytest.raises(TypeError):
            slot.start_ahead(wrong)
    assert run(slot, "1") == Answer(N.OUTCOME_VALUE, 0, 1)


CLOSED = r"""
N = native()
slot = make(pristine=False)
run_id = begin(slot, "call_tool('begun', {})\nwhile True: pass")
slot.reply(slot.next_event(STUCK)[1], True, N.encode(None))
ids = slot.start_ahead([(N.encode((str(n), "<enclave>", None, {})), 0.0, 0) for n in range(100)])
assert slot.close(STUCK)
assert answer(slot, run_id)[:2] == (N.OUTCOME_HALTED, N.HALT_CLOSED)
assert slot.withdraw() == ids
try:
    slot.start_ahead([(b"", 0.0, 0)])
except N.NativeError as error:
    report(error=str(error))
other = make(pristine=False)
begin(other, "while True: pass")
other.start_ahead([(b"", 0.0, 0)] * 100)
del other
"""


def test_a_slot_that_is_closed_or_dropped_begins_none() -> None:
    ended = child(CLOSED)
    ended.check()
    assert ended.reports[0]["error"] == "the worker has ended"
