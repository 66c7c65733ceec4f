"""Lives of slots and enclaves in which the n-th call of the core fails, for every n, and what must hold after each.

Imported by the children of test_faults.py; needs a build with ENCLAVE_TESTING (csrc/testing_faults.c).
"""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import slots
from slots import native

MEMORY, KERNEL, PYTHON, RANGE, LOST, LATE, TWICE, SLOW, WAKE = (1 << bit for bit in range(9))
HOST, SLOT = 1, 2
LIMIT_PACE = 97
# Up to 3.12.3 the keyword names of a static parser are copied, for good, when it is first used (compat.c).
KEPT_BLOCKS = 400 if sys.version_info < (3, 12, 4) else 0
STUCK = 25  # seconds after which a life that hangs says where, and the child ends

N = native()


class Broken(AssertionError):
    """What must hold after a fault did not."""


def errors() -> tuple[type[BaseException], ...]:
    """What a caller may be told: the contract's errors, and that the process lacks memory or descriptors."""
    from enclave_subinterp import EnclaveError

    return (EnclaveError, N.NativeError, N.EncodeError, N.DecodeError, MemoryError, OSError)


# --- What a process holds -----------------------------------------------------------------------------------------


def holds() -> tuple[int, ...]:
    """Blocks of the core's, descriptors and threads."""
    gc.collect()
    blocks = N.faults()[3]
    return blocks, *(sum(1 for _ in Path("/proc/self", name).iterdir()) for name in ("fd", "task"))


def left(before: tuple[int, ...], spare: int) -> str:
    """What it holds more, but for so many threads, when those that are ending have ended."""
    end = time.monotonic() + 5
    while True:
        now = holds()
        if now[0] <= before[0] + KEPT_BLOCKS and now[1] <= before[1] and now[2] <= before[2] + spare:
            return ""
        if time.monotonic() > end:
            return f"holds {now} blocks, descriptors and threads, and {before} before"
        os.sched_yield()


# --- Walking ---------------------------------------------------------------------------------------------------------


class Walk:
    """Counts what was tried, and what it came to.

    Args:
        step: how many calls are left out between two faults, plus one.
        share: of so many walks one is made; another one on each version of Python.
    """

    def __init__(self, step: int, share: int) -> None:
        minor = sys.version_info.minor
        self.first, self.step = 1 + minor * 5 % step, step
        self.turn, self.share = minor, share
        self.spare = 0  # threads that may come and stay: drivers of a pool that is kept
        self.injected = 0
        self.answers: Counter[str] = Counter()
        self.broken: list[str] = []
        self.names: Counter[str] = Counter()

    def comes(self) -> bool:
        """Whether the next walk is one of those that are made."""
        self.turn += 1
        return self.turn % self.share == 0

    def through(
        self,
        name: str,
        kinds: int,
        sides: int,
        act: Callable[[Callable[[], None]], Any],
        *,
        times: int = 1,
        most: int = 1_000_000,
        pace: int = 1,
    ) -> None:
        """Have `act` done again and again, with the fault one call later each time, until none is met.

        `act` is given a function that ends the plan, and returns what its honest part came to.
        """
        if not self.comes():
            return
        n = self.first
        while n <= most:
            state: list[Any] = []

            def disarm(state: list[Any] = state) -> None:
                if not state:
                    state.extend(N.faults())

            before = holds()
            faulthandler.dump_traceback_later(STUCK, exit=True)
            N.plan_faults(kinds, sides, n, times)
            try:
                said = str(act(disarm))
            except errors() as error:
                said = f"{type(error).__name__}: {error}"
            except Exception as error:  # noqa: BLE001 - told with the fault that brought it about
                said = "?"
                self.fail(name, n, state, f"raised {error!r}")
            finally:
                disarm()
                faulthandler.cancel_dump_traceback_later()
            more = left(before, self.spare)
            if more:
                self.fail(name, n, state, more)
            if not state[1]:
                break
            self.injected += 1
            self.names[state[2]] += 1
            self.answers[f"{name}: {said}"] += 1
            n += self.step * pace

    def threads(self, name: str, act: Callable[[Callable[[], None]], Any]) -> None:
        """The same with the n-th thread that the host's Python starts."""
        from fault_walk_pool import Threads

        if not self.comes():
            return
        n = 1
        while True:
            threads = Threads(n)

            def disarm(threads: Threads = threads) -> None:
                threads.n = 0

            before = holds()
            faulthandler.dump_traceback_later(STUCK, exit=True)
            try:
                with threads.in_force():
                    said = str(act(disarm))
            except errors() as error:
                said = f"{type(error).__name__}: {error}"
            except Exception as error:  # noqa: BLE001 - told with the fault that brought it about
                said = "?"
                self.fail(name, n, [], f"raised {error!r}")
            finally:
                faulthandler.cancel_dump_traceback_later()
            more = left(before, self.spare)
            if more:
                self.fail(name, n, [], more)
            if threads.failed:
                self.injected += 1
            else:
                break
            self.answers[f"{name}: {said}"] += 1
            n += 1

    def fail(self, name: str, n: int, state: list[Any], what: str) -> None:
        self.broken.append(f"{name}, fault {n} ({state[2] if state else '?'}): {what}")


# --- A slot -------------------------------------------------------------------------------------------------------

SCRIPT = """
import asyncio
from decimal import Decimal
print("one"); print("zwei ä")
a = call_tool("t", {"a": [1, 2.5, "x", None, b"b", (1, 2), {3}, Decimal("1.5"), 10 ** 30]})
async def both():
    return await asyncio.gather(acall_tool("u", {}), acall_tool("v", {"k": "ü" * 300}))
b = asyncio.run(both())
try: call_tool("w", {"x": object()})
except Exception as e: c = type(e).__name__
(a, b, c, "x" * 5000, {"d": Decimal("2.5")})
"""


def serve(slot: Any, run_id: int) -> str:
    """Take a run's events until it is done."""
    end = time.monotonic() + slots.STUCK
    while time.monotonic() < end:
        event = slot.next_event(1.0)
        if event is None:
            continue
        kind, number, first, *_ = event
        if kind in (N.EVENT_TOOL_CALL, N.EVENT_ASYNC_CALL):
            slot.reply(number, True, N.encode([first, Decimal("0.5"), "ö" * 50]))
        elif kind == N.EVENT_DONE:
            if number != run_id:
                raise Broken(f"run {number} answered for run {run_id}")
            if first.outcome == N.OUTCOME_VALUE and first.payload:
                N.decode(first.payload)
                return "value"
            if first.outcome == N.OUTCOME_ERROR and first.payload:
                return f"error {N.decode(first.payload)[:3]}"
            return f"outcome {first.outcome}, {first.detail}"
    raise Broken(f"a run said nothing; state {slot.state}")


def begin(slot: Any, code: str, **limits: Any) -> int:
    return int(
        slot.start(N.encode((code, "<enclave>", {"v": [1, {"k": Decimal(3)}]}, {})), stream=True, **limits)
    )


def check_slot(slot: Any) -> bool:
    """It serves the next run right, or says that it has ended."""
    try:
        if not slot.wait_ready(slots.STUCK):
            raise Broken("the slot did not become ready")
        got = slots.run(slot, "sum(range(10)) + len(v)", variables={"v": [1]})
    except N.NativeError:
        return False
    if got != (N.OUTCOME_VALUE, 0, 46):
        raise Broken(f"the next run: {got}")
    slots.settle(slot)
    return True


def birth(disarm: Callable[[], None], **options: Any) -> str:
    slot = slots.make(wait=False, **options)
    try:
        slot.event_fd()
    except OSError:
        disarm()
    try:
        if not slot.wait_ready(slots.STUCK):
            raise Broken("the slot did not become ready")
        disarm()
        if not check_slot(slot):
            raise Broken("the slot ended after its start")
    finally:
        disarm()
        if not slot.close(10.0):
            raise Broken("the slot did not end")
    return "born"


class Kept:
    """One slot for many faults; another one when it has ended."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.slot: Any = None
        self.made = 0

    @contextmanager
    def whole(self, disarm: Callable[[], None]) -> Iterator[Any]:
        """The slot; it must serve or say that it has ended afterwards."""
        try:
            yield self.slot
        finally:
            disarm()
            if not check_slot(self.slot):
                self.renew()

    def renew(self) -> None:
        if self.slot is not None and not self.slot.close(10.0):
            raise Broken("the slot did not end")
        self.made += 1
        self.slot = slots.make(**self.options)
        check_slot(self.slot)  # it has the request of a run from now on

    def run(self, disarm: Callable[[], None]) -> str:
        with self.whole(disarm) as slot:
            return serve(slot, begin(slot, SCRIPT))

    def halt(self, disarm: Callable[[], None]) -> str:
        with self.whole(disarm) as slot:
            said = serve(slot, begin(slot, "x = [0] * 100000\nwhile True: x.append(1)", timeout=0.002))
            said += ", " + serve(slot, begin(slot, "import time; time.sleep(100)", timeout=0.002))
            return said + ", " + serve(slot, begin(slot, "bytearray(1 << 29)"))

    def keep(self, disarm: Callable[[], None]) -> str:
        with self.whole(disarm) as slot:
            serve(slot, begin(slot, "y = list(range(1000))", keep=True))
            mark = slot.checkpoint()
            try:
                serve(
                    slot,
                    begin(slot, "y.append(2)\nwhile True: pass", keep=True, fall_back=mark, timeout=0.003),
                )
                slots.settle(slot)
                slot.restore(mark)
                return serve(slot, begin(slot, "y[-1]", keep=True))
            finally:
                disarm()
                if check_slot(slot):
                    slot.forget(mark)


def walk_slot(walk: Walk, **options: Any) -> None:
    """Birth, runs, halts and checkpoints of a slot."""
    kept = Kept(**options)
    kept.renew()
    for _ in range(3):  # what comes once for the process
        birth(lambda: None, **options)
        kept.run(lambda: None)
        kept.halt(lambda: None)
        kept.keep(lambda: None)
    plain = MEMORY | KERNEL | PYTHON
    for side, where in ((HOST, "host"), (SLOT, "slot")):
        walk.through(f"birth, {where}", plain, side, lambda disarm: birth(disarm, **options))
        walk.through(f"run, {where}", plain, side, kept.run)
        walk.through(f"halt, {where}", plain, side, kept.halt)
        walk.through(f"checkpoint, {where}", plain, side, kept.keep)
    # Half of an allocation is what a limit leaves: those of a start are too many to be walked one by one.
    walk.through("start at the limit", RANGE, SLOT, lambda disarm: birth(disarm, **options), pace=LIMIT_PACE)
    walk.through("run at the limit", RANGE, SLOT, kept.run)
    walk.through("checkpoint at the limit", RANGE, SLOT, kept.keep)
    for kind, name in ((LOST, "lost"), (LATE, "late"), (TWICE, "twice")):
        for times in (1, 3):
            walk.through(f"signal {name}", kind, HOST | SLOT, kept.halt, times=times, most=40)
    for act in (kept.run, kept.halt, kept.keep):
        walk.through("a wait that ends by itself", WAKE, HOST | SLOT, act, times=2, most=60)
        walk.through("slow", SLOW, HOST | SLOT, act, times=2, pace=3)
    walk.through("slow birth and end", SLOW, HOST | SLOT, lambda disarm: birth(disarm, **options), pace=3)
    if not kept.slot.close(10.0):
        raise Broken("the slot did not end")
