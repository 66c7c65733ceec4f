"""Lives of slots and enclaves in which the n-th call of the core fails, for every n, and what must hold after each.

Imported by the children of fault_walkers.py; needs a build with ENCLAVE_TESTING (csrc/testing_faults.c).
"""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import slots
from slots import native

MEMORY, KERNEL, PYTHON, RANGE, LOST, LATE, TWICE, SLOW, WAKE = (1 << bit for bit in range(9))
HOST, SLOT = 1, 2
LIMIT_PACE = 97
# Up to 3.12.3 the keyword names of a static parser are copied, for good, when it is first used (compat.c).
KEPT_BLOCKS = 400 if sys.version_info < (3, 12, 4) else 0
STUCK = 25  # seconds after which a life that hangs says where, and the child ends

TELL_EVERY = 5.0  # seconds
NONE = 1 << 40  # of a call that does not come: nothing fails
STIRS = 7  # what comes before a run depends on its number, in so many steps (guest_script.c): lives begin at the same
TRIES = 3  # lives for a fault that is not met: they differ by some calls, and the longest one counts

Act = Callable[[Callable[[], None]], Any]

N = native()


class Broken(AssertionError):
    """What must hold after a fault did not."""


def errors() -> tuple[type[BaseException], ...]:
    """What a caller may be told: the contract's errors, and that the process lacks memory or descriptors."""
    from enclave_subinterp import EnclaveError

    return (EnclaveError, N.NativeError, N.EncodeError, N.DecodeError, MemoryError, OSError)


# --- What a process holds -----------------------------------------------------------------------------------------


def entries(folder: str) -> int:
    with os.scandir(folder) as found:
        return sum(1 for _ in found)


def holds() -> tuple[int, int, int]:
    """Blocks of the core's, descriptors and threads."""
    gc.collect()
    return N.faults()[3], entries("/proc/self/fd"), entries("/proc/self/task")


class Holdings:
    """What the process holds, and what it may come to hold more."""

    def __init__(self) -> None:
        self.spare = 0  # threads that may come and stay: drivers of a pool that is kept
        self.begin()

    def begin(self) -> None:
        self.now = holds()
        self.most = self.now[0] + KEPT_BLOCKS

    def more(self) -> str:
        """What is held more than when this was last asked, when the threads that are ending have ended."""
        before, end = self.now, time.monotonic() + 5
        while True:
            self.now = holds()
            blocks, descriptors, threads = (now - then for now, then in zip(self.now, before, strict=True))
            if (blocks <= 0 or self.now[0] <= self.most) and descriptors <= 0 and threads <= self.spare:
                return ""
            if time.monotonic() > end:
                return f"holds {self.now} blocks, descriptors and threads, and {before} before"
            os.sched_yield()


# --- Walking ---------------------------------------------------------------------------------------------------------


class Threads:
    """Has the n-th thread that the host's Python starts fail, as where there are no more."""

    def __init__(self) -> None:
        self.n = self.seen = self.failed = 0
        self.start = threading.Thread.start

    def plan(self, n: int) -> None:
        self.n, self.seen, self.failed = n, 0, 0

        def fails(thread: threading.Thread) -> None:
            self.seen += 1
            if self.seen == self.n:
                self.failed += 1
                raise RuntimeError("can't start new thread")
            self.start(thread)

        threading.Thread.start = fails  # type: ignore[method-assign]

    def end(self) -> tuple[int, int, str]:
        threading.Thread.start = self.start  # type: ignore[method-assign]
        return self.seen, self.failed, "threading.Thread.start"


class Walk:
    """Counts what was tried, and what it came to.

    Args:
        step: how many calls are left out between two faults, plus one; 1 to leave out none, wherever.
        share: of so many walks one is made; another one on each version of Python.
        worker, workers: of so many that walk side by side, each in a process of its own, this one takes its part of the
            faults; together they leave out none.
        tell: is told every few seconds, and at the end of each walk, where it is.
    """

    def __init__(
        self,
        step: int,
        share: int,
        worker: int = 0,
        workers: int = 1,
        tell: Callable[..., None] = lambda **_: None,
    ) -> None:
        minor = sys.version_info.minor
        self.first, self.step = 1 + minor * 5 % step, step
        self.turn, self.share = minor, share
        self.whole = step == 1
        self.worker, self.workers = worker, workers
        self.tell, self.told = tell, 0.0
        self.begun = time.monotonic()
        self.held = Holdings()
        self.lives = self.injected = self.missed = 0
        self.broken: list[str] = []
        self.shown = 0  # of those, told already
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
        act: Act,
        *,
        times: int = 1,
        most: int = NONE,
        pace: int = 1,
        sparse: int = 1,
    ) -> None:
        """Have `act` done again and again, with the fault one call later each time, until none is met.

        `act` is given a function that ends the plan, before its honest part.
        Where faults are left out, `pace` says how many more of them; `sparse`, of how many one is met even in a whole
        walk.
        """
        stride = sparse if self.whole else self.step * pace
        numbers = range(self.first + self.worker * stride, most + 1, stride * self.workers)
        self.walk(name, lambda n: N.plan_faults(kinds, sides, n, times), lambda: N.faults()[:3], act, numbers)

    def threads(self, name: str, act: Act) -> None:
        """The same with the n-th thread that the host's Python starts."""
        threads = Threads()
        self.walk(name, threads.plan, threads.end, act, range(1 + self.worker, NONE, self.workers))

    def walk(
        self,
        name: str,
        plan: Callable[[int], None],
        end: Callable[[], tuple[int, int, str]],
        act: Act,
        numbers: range,
    ) -> None:
        if not self.comes():
            return
        gc.collect()
        gc.freeze()  # what is there already need not be looked through after each fault
        self.held.begin()
        calls = self.live(name, NONE, plan, end, act)[0] if self.whole else 0
        for n in numbers:
            for _ in range(TRIES if self.whole else 1):
                seen, failed, what = self.live(name, n, plan, end, act)
                if failed:
                    break
                calls = max(calls, seen)
            if failed:
                self.injected += 1
                self.names[what] += 1
            elif n > calls:
                break
            else:
                self.missed += 1
            self.say(name, n, calls)
        self.told = 0.0
        self.say(name, calls, calls)
        gc.unfreeze()

    def live(
        self,
        name: str,
        n: int,
        plan: Callable[[int], None],
        end: Callable[[], tuple[int, int, str]],
        act: Act,
    ) -> tuple[int, int, str]:
        """One life: calls that could have failed, those that did, and the first of them."""
        state: list[tuple[int, int, str]] = []

        def disarm() -> None:
            if not state:
                state.append(end())

        self.lives += 1
        wrong = ""
        faulthandler.dump_traceback_later(STUCK, exit=True)
        plan(n)
        try:
            act(disarm)
        except errors():
            pass  # the caller was told
        except Exception as error:  # noqa: BLE001 - told with the fault that brought it about
            wrong = f"raised {error!r}"
        finally:
            disarm()
            faulthandler.cancel_dump_traceback_later()
        for what in filter(None, (wrong, self.held.more())):
            self.broken.append(f"{name}, fault {n} ({state[0][2]}): {what}")
        return state[0]

    def say(self, name: str, n: int, calls: int) -> None:
        """Calls are those of the longest life without a fault, so far."""
        now = time.monotonic()
        if now - self.told >= TELL_EVERY:
            self.told = now
            self.tell(
                walk=name,
                n=n,
                calls=max(n, calls),
                seconds=now - self.begun,
                injected=self.injected,
                findings=len(self.broken),
                found=self.broken[self.shown :],
            )
            self.shown = len(self.broken)


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


STUCK_CODES = (
    "3 ** 30_000_000",
    "import queue; queue.Queue().get()",
    "import zlib; zlib.compress(bytes(8_000_000))",
)


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


def settle(slot: Any) -> None:
    """Wait until it has rewound, or says that it has ended."""
    try:
        slots.settle(slot)
    except AssertionError:
        slot.wait_ready(0.0)  # raises what the slot has said
        raise


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
            while self.slot.run_count % STIRS:
                slots.run(self.slot, "1")
                slots.settle(self.slot)

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

    def stuck(self, disarm: Callable[[], None]) -> str:
        """Halts where no safe point comes: the signal must."""
        with self.whole(disarm) as slot:
            return ", ".join(serve(slot, begin(slot, code, timeout=0.005)) for code in STUCK_CODES)

    def keep(self, disarm: Callable[[], None]) -> str:
        with self.whole(disarm) as slot:
            serve(slot, begin(slot, "y = list(range(1000))", keep=True))
            mark = slot.checkpoint()
            try:
                serve(
                    slot,
                    begin(slot, "y.append(2)\nwhile True: pass", keep=True, fall_back=mark, timeout=0.003),
                )
                settle(slot)
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
        kept.stuck(lambda: None)
        kept.keep(lambda: None)
    plain = MEMORY | KERNEL | PYTHON
    for side, where in ((HOST, "host"), (SLOT, "slot")):
        walk.through(f"birth, {where}", plain, side, lambda disarm: birth(disarm, **options))
        walk.through(f"run, {where}", plain, side, kept.run)
        walk.through(f"halt, {where}", plain, side, kept.halt)
        walk.through(f"checkpoint, {where}", plain, side, kept.keep)
    walk.through("start at the limit", RANGE, SLOT, lambda disarm: birth(disarm, **options), pace=LIMIT_PACE)
    walk.through("run at the limit", RANGE, SLOT, kept.run)
    walk.through("checkpoint at the limit", RANGE, SLOT, kept.keep)
    for kind, name in ((LOST, "lost"), (LATE, "late"), (TWICE, "twice")):
        for times in (1, 3):
            walk.through(f"signal {name} {times} times", kind, HOST | SLOT, kept.stuck, times=times, most=40)
    for act in (kept.run, kept.halt, kept.stuck, kept.keep):
        what = act.__name__
        walk.through(f"{what}, a wait that ends by itself", WAKE, HOST | SLOT, act, times=2, most=60)
        walk.through(f"{what}, slow", SLOW, HOST | SLOT, act, times=2, pace=3)
    walk.through("slow birth and end", SLOW, HOST | SLOT, lambda disarm: birth(disarm, **options), pace=3)
    if not kept.slot.close(10.0):
        raise Broken("the slot did not end")
