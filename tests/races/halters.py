"""Whoever halts stops on its way, and the slot's thread goes on: every pair of such a place and a point of a run.

The halt must end the run that it was meant for, or none: never the next one.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stages import RUN, STUCK, check, native

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "core"))
import slots

N = native()
CODE = "print('said')\ngot = call_tool('double', {'n': 21})\n[got, 'x' * 5000]"
VALUE = [42, "x" * 5000]
PLACES = tuple(point for point in RUN if point not in {"run importing", "run taken", "run asking"})
EARLY = {"run landing set", "run leavable"}
KILL = ("halt asked", "halt decided", "halt announced")
DEADLINE = ("deadline seen", "poke next", "poke sent")
HALTED = (N.OUTCOME_HALTED, N.HALT_ABORTED, None)


class Elsewhere:
    """A call on a thread of its own."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.result: Any = None
        self._thread = threading.Thread(target=self._main, args=(call,))
        self._thread.start()

    def _main(self, call: Callable[[], Any]) -> None:
        self.result = call()

    def join(self) -> Any:
        self._thread.join(STUCK)
        check(not self._thread.is_alive(), "a call did not come back")
        return self.result


def double(name: str) -> int:
    return 42


def stopped(point: str) -> None:
    check(N.await_stop(point, STUCK), f"nobody came to {point!r}")


def at(slot: Any, point: str) -> tuple[int, Elsewhere]:
    """A run whose thread has stopped at the point, and the thread that waits for its answer."""
    slots.settle(slot)
    N.stop_at(point)
    run_id = slots.begin(slot, CODE, timeout=60.0)
    waiting = Elsewhere(lambda: slots.answer(slot, run_id, double))
    stopped(point)
    return run_id, waiting


def right(slot: Any, *about: object) -> None:
    got = slots.run(slot, CODE, tool=double)
    check(got == (N.OUTCOME_VALUE, 0, VALUE), *about, got)


def kill_at(slot: Any, place: str, point: str) -> None:
    run_id, waiting = at(slot, point)
    N.stop_at(place)
    killing = Elsewhere(lambda: slot.halt(run_id, N.HALT_ABORTED))
    if point in EARLY and place != "halt asked":  # its thread looks for the halt once it is under way
        check(killing.join(), "halt() was refused", point)
        N.let_go(point)
        stopped(place)
        N.let_go(place)
        check(waiting.join() == HALTED, place, point, waiting.result)
        return
    stopped(place)
    N.let_go(point)
    if place == "halt asked":  # the run ends, the next begins, and only then does the halt come
        check(waiting.join().value == VALUE, place, point, waiting.result)
        _, following = at(slot, point)
        N.let_go(place)
        check(killing.join() is False, "a halt of the run before was taken", point)
        N.let_go(point)
        check(following.join().value == VALUE, place, point, following.result)
    else:
        N.let_go(place)
        check(killing.join() is True, "halt() was refused", place, point)
        check(waiting.join() == HALTED, place, point, waiting.result)


def expire_at(slot: Any, place: str, point: str) -> None:
    _, waiting = at(slot, point)
    if point in EARLY:  # its thread sees for itself that its time is over
        N.expire(point)
        N.let_go(point)
    else:
        N.stop_at(place)
        N.expire(point)
        stopped(place)
        N.let_go(point)
        N.let_go(place)
    check(waiting.join() == (N.OUTCOME_HALTED, N.HALT_TIMEOUT, None), place, point, waiting.result)


def answer_of_a_halted_run(slot: Any) -> None:
    """A tool's answer is brought while its run is halted, and comes to nobody, the next run included."""
    slots.settle(slot)
    run_id = slots.begin(slot, CODE)
    while (event := slot.next_event(STUCK))[0] != N.EVENT_TOOL_CALL:
        check(event[0] != N.EVENT_DONE, event)
    N.stop_at("reply brought")
    replying = Elsewhere(lambda: slot.reply(event[1], True, N.encode("late")))
    stopped("reply brought")
    check(slot.halt(run_id, N.HALT_ABORTED), "halt() was refused")
    check(slots.answer(slot, run_id) == HALTED)
    following = slots.begin(slot, CODE)
    second = slot.next_event(STUCK)
    check(second[0] == N.EVENT_TOOL_CALL, second)
    N.let_go("reply brought")
    check(replying.join() is False, "an answer came to the wrong run")
    slot.reply(second[1], True, N.encode(42))
    check(slots.answer(slot, following).value == VALUE)


def kill_of_an_answered_run(slot: Any) -> None:
    """The answer is in the host's hands, and not yet with whoever waits for it."""
    slots.settle(slot)
    N.stop_at("event taken")
    run_id = slots.begin(slot, "1 + 1")
    waiting = Elsewhere(lambda: slots.answer(slot, run_id))
    stopped("event taken")
    check(slot.halt(run_id, N.HALT_ABORTED) is False, "an answered run was halted")
    N.let_go("event taken")
    check(waiting.join() == (N.OUTCOME_VALUE, 0, 2), waiting.result)


def close_that_waits(slot: Any) -> None:
    """A close is on its way while a run ends and another begins: it ends that one."""
    slots.settle(slot)
    N.stop_at("close asked")
    closing = Elsewhere(lambda: slot.close(STUCK))
    stopped("close asked")
    right(slot)
    run_id = slots.begin(slot, CODE)
    event = slot.next_event(STUCK)
    check(event[0] == N.EVENT_TOOL_CALL, event)
    N.let_go("close asked")
    check(slots.answer(slot, run_id) == (N.OUTCOME_HALTED, N.HALT_CLOSED, None))
    check(closing.join() is True, "the slot did not end")


def limits_while_it_starts() -> None:
    """A job is handed over before the slot is ready, and its time is over: the run ends by it, and the slot serves."""
    N.stop_at("birth loaded")
    slot = slots.make(wait=False)
    stopped("birth loaded")
    run_id = slots.begin(slot, CODE, timeout=60.0)
    N.expire("birth loaded")
    N.let_go("birth loaded")
    check(slots.answer(slot, run_id) == (N.OUTCOME_HALTED, N.HALT_TIMEOUT, None))
    right(slot)


def main() -> None:
    slot = slots.make()
    cases = 0
    for try_one, places in ((kill_at, KILL), (expire_at, DEADLINE)):
        for place in places:
            for point in PLACES:
                if point in EARLY and place.startswith("poke"):
                    continue  # nobody is poked who is not under way
                try_one(slot, place, point)
                right(slot, place, point)
                cases += 1
    for case in (answer_of_a_halted_run, kill_of_an_answered_run, close_that_waits):
        case(slot)
    limits_while_it_starts()
    print(f"{cases + 4} cases")


if __name__ == "__main__":
    main()
