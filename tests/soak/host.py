"""A host under everything at once, for some time: ``host.py SECONDS SEED``; a line of JSON a second tells how it is.

Threads of the host run, submit, kill and hold sessions, over workers that crash, time out, flood and run out of memory,
and tasks of an executor are killed beside them.  Every script has a number, begins at most once and is answered exactly
once.  With a build for tests all threads of the core come late here and there (csrc/testing_points.c).
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import Counter, deque
from dataclasses import replace
from pathlib import Path
from typing import Any

from enclave_subinterp import (
    Enclave,
    EnclaveExecutor,
    ExecutionAbortedError,
    QueueFullError,
    RunResult,
    WorkerPoolPresets,
    _native,
)

MB = 1024 * 1024
THREADS = 6
WAIT = 120.0
M_TRIM_THRESHOLD = -1  # <malloc.h>
HOSTILE = Path(__file__).resolve().parent.parent / "hostile"
PROGRAMS = [
    path.read_text(encoding="utf-8")
    for kind in ("halt", "contain", "memory", "flood", "stain")
    for path in sorted((HOSTILE / kind).glob("*.py"))
]
# What is done, and how often.
ACTS = {"run": 60, "submit": 20, "kill": 8, "late kill": 8, "time-out": 4, "hostile": 5, "crash": 1, "memory": 1,
        "flood": 1, "session": 3, "task": 6, "kill a task": 1}  # fmt: skip
# Of those whose script is known: what it may come to.
RIGHT = {
    "run": {""},
    "submit": {""},
    "kill": {"ABORTED"},
    "late kill": {"", "ABORTED"},
    "time-out": {"TIMEOUT"},
    "crash": {"WORKER_CRASHED"},
    "memory": {"MEMORY_LIMIT_EXCEEDED"},
    "flood": {"MESSAGE_FLOOD", "MAX_TOOL_CALLS"},
}
BODIES = {
    "kill": "while True: pass",
    "time-out": "while True: pass",
    "crash": "import os\nos.abort()",
    "memory": "x = []\nwhile True: x.append(bytes(100000))",
    "flood": "while True: call_tool('echo', {})",
}


def square(number: int) -> int:
    return number * number


def endless() -> None:
    while True:
        pass


class Host:
    """The enclaves, the threads, and what came of it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.stop = threading.Event()
        self.guard = threading.Lock()
        self.numbers = 0
        self.begun: Counter[int] = Counter()  # of those under way
        self.answers: Counter[str] = Counter()  # by what they came to
        self.seconds: deque[float] = deque(maxlen=2000)  # of the last ordinary runs
        self.lost = self.doubled = 0
        self.failures: list[str] = []
        pool = replace(WorkerPoolPresets.STANDARD, min_workers=3, max_workers=3, max_executions_per_worker=500,
                       max_queue_size=50, queue_timeout=WAIT, memory_limit_per_worker=64 * MB)  # fmt: skip
        self.enclave = Enclave(
            worker_pool_config=pool, timeout=WAIT, tool_handler=self.tool, max_tool_calls=2000
        )
        self.executor = EnclaveExecutor(1, max_tasks_per_child=2000)

    def tool(self, name: str, given: dict[str, Any]) -> None:
        if name == "begun":
            with self.guard:
                self.begun[given["n"]] += 1

    # -- acts --------------------------------------------------------------------------------------------------------

    def one(self, dice: random.Random, act: str) -> str | None:
        if act == "session":
            return self.session(dice)
        if act in {"task", "kill a task"}:
            return self.task(dice, act)
        if act == "hostile":
            result = self.enclave.run(dice.choice(PROGRAMS), timeout=0.1)
            return f"hostile: {code_of(result) or 'value'}"
        with self.guard:
            self.numbers += 1
            number = self.numbers
        try:
            return self.judged(dice, act, number)
        finally:
            with self.guard:
                self.begun.pop(number, None)

    def judged(self, dice: random.Random, act: str, number: int) -> str:
        code = f"call_tool('begun', {{'n': {number}}})\n{BODIES.get(act, str(number))}"
        begun = time.monotonic()
        if act in {"run", "time-out", "memory", "flood"}:
            result = self.enclave.run(code, timeout=0.05 if act == "time-out" else None)
        else:
            result = self.submitted(dice, act, code, number)
        if act == "run":
            self.seconds.append(time.monotonic() - begun)
        came_to = code_of(result)
        with self.guard:
            times = self.begun[number]
        if times > 1:
            self.doubled += 1
        if came_to not in RIGHT[act] or (came_to == "" and (result.value != number or times != 1)):
            raise AssertionError(f"{act} {number} came to {result}, begun {times} times")
        return came_to or "value"

    def submitted(self, dice: random.Random, act: str, code: str, number: int) -> RunResult:
        told: list[int] = []
        over = threading.Event()
        handle = self.enclave.submit(code)
        handle.add_done_callback(lambda handle: told.append(1) or over.set())
        if act == "kill":
            while not self.begun[number] and not over.wait(0.002):
                pass
            handle.kill()
        elif act == "late kill":
            over.wait(dice.uniform(0, 0.005))
            handle.kill()
        if not over.wait(WAIT):
            self.lost += 1
            raise AssertionError(f"{act} {number} was not answered in {WAIT} s")
        if len(told) != 1:
            self.doubled += 1
        return handle.result(WAIT)

    def session(self, dice: random.Random) -> str:
        with self.enclave.session() as session:
            right(session.run("x = 1"), None)
            mark = session.checkpoint()
            right(session.run("x += 1; x"), 2)
            if dice.random() < 0.3:
                came_to = code_of(session.run("x = 9\nwhile True: pass", timeout=0.02))
                if came_to != "TIMEOUT":
                    raise AssertionError(f"a session's endless run came to {came_to!r}")
            session.restore(mark)
            right(session.run("x"), 1)
        return "session"

    def task(self, dice: random.Random, act: str) -> str:
        if act == "task":
            number = dice.randrange(1000)
            if self.executor.submit(square, number).result(WAIT) != number * number:
                raise AssertionError("a task's result is wrong")
            return "task"
        future = self.executor.submit(endless)
        threading.Event().wait(dice.uniform(0, 0.01))
        while not future.kill() and not future.done():
            pass
        try:
            future.result(WAIT)
        except ExecutionAbortedError:
            return "task killed"
        raise AssertionError("an endless task came to an end")

    def thread(self, number: int) -> None:
        dice = random.Random(self.seed * 1000 + number)
        while not self.stop.is_set():
            act = dice.choices(list(ACTS), list(ACTS.values()))[0]
            try:
                what = self.one(dice, act)
            except QueueFullError:
                what = "refused"
            except BaseException as error:  # noqa: BLE001 - it is told and ends the soak
                self.failures.append(f"{act}: {type(error).__name__}: {error}"[:600])
                self.stop.set()
                return
            with self.guard:
                self.answers[what or "?"] += 1

    # -- what it tells -----------------------------------------------------------------------------------------------

    def report(self, begun: float) -> dict[str, Any]:
        stats = self.enclave.stats()
        recent = sorted(self.seconds)
        counters = _native.counters()
        with self.guard:
            answers = dict(self.answers)
        return {
            "seconds": time.monotonic() - begun,
            "answers": answers,
            "median": recent[len(recent) // 2] if recent else 0.0,
            "p99": recent[len(recent) * 99 // 100] if recent else 0.0,
            "raw": written(),
            "memory": held(),
            "descriptors": descriptors(),
            "threads": threads(),
            "condemned": counters["slots_condemned"] + stats.condemned_slots,
            "slots": counters["slots_started"] - counters["slots_ended"],
            "recycles": stats.worker_recycles,
            "lost": self.lost,
            "doubled": self.doubled,
            "failures": self.failures[:3],
        }


def code_of(result: RunResult) -> str:
    return "" if result.error is None else result.error.code.value


def right(result: RunResult, value: object) -> None:
    if result.error is not None or result.value != value:
        raise AssertionError(f"{result}, not {value}")


def keep_nothing() -> None:
    """Have libc keep little at the end of each thread's arena: else it is twice the largest value that the host freed,
    eight times for each processor, and malloc_trim() gives back the end of the main arena alone."""
    import ctypes  # here: the executor's workers load this file, and 3.12 has none for them

    if not ctypes.CDLL(None).mallopt(M_TRIM_THRESHOLD, 128 * 1024):
        raise OSError("mallopt() refuses M_TRIM_THRESHOLD")


def held() -> int:
    """Bytes that the process has written and keeps, without what libc holds for the next who asks it."""
    import ctypes

    ctypes.CDLL(None).malloc_trim(0)
    return written()


def written() -> int:
    with Path("/proc/self/smaps_rollup").open(encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:")) * 1024


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def threads() -> int:
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def settled(most: tuple[int, int]) -> tuple[int, int]:
    """Descriptors and threads, once they are no more than so many or that will not come: a slot's thread says that it
    has ended a moment before it does, and the kernel tells nobody when."""
    end = time.monotonic() + 10.0
    while (now := (descriptors(), threads()))[1] > most[1] and time.monotonic() < end:
        threading.Event().wait(0.01)
    return now


def tell(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


def main(seconds: float, seed: int) -> None:
    keep_nothing()
    with Enclave() as warm, EnclaveExecutor(1) as executor:  # what is opened once for the life of the process
        warm.run("1")
        executor.submit(square, 2).result(WAIT)
    before = settled((0, 2))  # this thread and the watchdog
    late = getattr(_native, "come_late", None)
    if late is not None:
        late(seed + 1, 50, 20_000)
    host = Host(seed)
    begun = time.monotonic()
    workers = [threading.Thread(target=host.thread, args=(number,)) for number in range(THREADS)]
    for worker in workers:
        worker.start()
    while not host.stop.wait(min(1.0, seconds)) and time.monotonic() - begun < seconds:
        tell(**host.report(begun))
    host.stop.set()
    for worker in workers:
        worker.join()
    last = host.report(begun)
    host.executor.shutdown()
    host.enclave.close()
    tell(**last, last=True, before=before, after=settled(before), late=late is not None)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
