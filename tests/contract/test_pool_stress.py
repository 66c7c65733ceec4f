"""Thousands of scripts from 32 threads of a host over workers that die all the time: every answer once, none lost.

`make test` runs a short form, `make stress` the long one.  It runs in a process of its own: it crashes on purpose.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

PROGRAM = r"""
import collections, faulthandler, json, random, sys, threading, time, traceback
from dataclasses import replace
from enclave_subinterp import *

seed, submissions, seconds = map(int, sys.argv[1:])
faulthandler.dump_traceback_later(seconds, exit=True)
THREADS = 32
WAIT = 60.0
ENDLESS = "\nwhile True: pass"
# What becomes of a submission, and how often.
ACTS = {"run": 60, "submit": 24, "late_kill": 6, "kill": 4, "timeout": 3, "kill_queued": 2, "crash": 1}

begun = [0] * submissions  # how often each script began, as it says itself
told = [0] * submissions  # how often each handle called back
answers = collections.Counter()
reasons = collections.Counter()
failures = []
numbers = iter(range(submissions))
guard = threading.Lock()
memory = []


def tool(name, args):
    begun[args["n"]] += 1  # a script that runs alone has the number to itself


def recycled(reason):
    with guard:
        reasons[reason] += 1


def held():
    with open("/proc/self/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Private_Dirty:")) * 1024


def take(n, result, act):
    # Judge one answer; None for a refusal.
    what = "refused" if result is None else "value" if result.success else result.error.code.value
    if what == "ABORTED" and "before the script began" in result.error.message:
        what = "ABORTED, queued"
    allowed = {
        "run": {"value", "refused"},
        "submit": {"value", "refused"},
        "late_kill": {"value", "ABORTED", "ABORTED, queued", "refused"},
        "kill": {"ABORTED", "refused"},
        "kill_queued": {"value", "ABORTED", "ABORTED, queued", "refused"},
        "timeout": {"TIMEOUT", "refused"},
        "crash": {"WORKER_CRASHED", "refused"},
    }[act]
    started = what not in {"refused", "ABORTED, queued"}
    certain = what in {"value", "WORKER_CRASHED"} or act == "kill"  # else it may have been ended before it said so
    right = what in allowed and (what != "value" or result.value == n)
    if not right or begun[n] > started or (started and certain and not begun[n]):
        raise AssertionError(f"{n} {act}: {what}, begun {begun[n]} times, {result}")
    with guard:
        answers[what] += 1


def submit(n, code, **options):
    handle = enclave.submit(code, **options)
    def done(handle):
        told[n] += 1
    handle.add_done_callback(done)
    return handle


def one(dice, n, act):
    code = f"call_tool('begun', {{'n': {n}}})\n"
    try:
        if act == "run":
            return enclave.run(f"{code}{n}")
        if act == "timeout":
            return enclave.run(code + ENDLESS, timeout=0.02)
        if act == "crash":
            return submit(n, code + "import os\nos.abort()").result(WAIT)
        handle = submit(n, code + (ENDLESS if act == "kill" else str(n)))
    except QueueFullError:
        return None
    if act == "kill":
        while not begun[n] and not handle.done():
            stop.wait(0.001)
        handle.kill()
    elif act == "late_kill":
        stop.wait(dice.uniform(0, 0.005))
        handle.kill()
    elif act == "kill_queued":
        handle.kill()
    return handle.result(WAIT)


def thread(number):
    dice = random.Random(seed * 1000 + number)
    try:
        while not stop.is_set():
            with guard:
                n = next(numbers, None)
            if n is None:
                return
            if n == submissions // 4:
                memory.append(held())
            act = dice.choices(list(ACTS), list(ACTS.values()))[0]
            take(n, one(dice, n, act), act)
    except BaseException as error:
        failures.append(f"thread {number}: " + "".join(traceback.format_exception(error)))
        stop.set()


stop = threading.Event()
config = replace(WorkerPoolPresets.STRICT, max_executions_per_worker=50, max_queue_size=30, queue_timeout=WAIT,
                 on_worker_recycled=recycled, idle_timeout=WAIT, max_messages_per_second=10**9)
enclave = Enclave(security_level="PERMISSIVE", timeout=WAIT, worker_pool_config=config, tool_handler=tool)
threads = [threading.Thread(target=thread, args=(number,)) for number in range(THREADS)]
for one_thread in threads:
    one_thread.start()
for one_thread in threads:
    one_thread.join()
memory.append(held())
stats = enclave.stats()
before_close = dict(reasons)
enclave.close()
faulthandler.cancel_dump_traceback_later()
print(json.dumps({
    "failures": failures, "answers": answers, "begun": sum(begun), "twice": sum(map((1).__lt__, begun + told)),
    "told": sum(told), "reasons": before_close, "memory": memory,
    "stats": {name: getattr(stats, name) for name in stats.__dataclass_fields__},
    "condemned": enclave.stats().condemned_slots, "threads": [t.name for t in threading.enumerate()],
}))
"""

MB = 1024 * 1024
GROWTH = (
    16 * MB
)  # from a quarter of the way to the end: what workers in use differ by, and the allocator's slack


@pytest.mark.parametrize(
    ("submissions", "seconds"),
    [
        (3_000, 100),
        pytest.param(50_000, 1_500, marks=[pytest.mark.stress, pytest.mark.timeout(1_800)]),
    ],
)
def test_every_script_is_answered_once(submissions: int, seconds: int) -> None:
    # GIVEN 32 threads of a host WHEN they run, submit and kill scripts over workers that crash and time out
    seed = random.SystemRandom().randrange(10**6)
    command = [sys.executable, "-c", PROGRAM, str(seed), str(submissions), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    said = json.loads(done.stdout)
    answers, stats, reasons = said["answers"], said["stats"], said["reasons"]
    assert not said["failures"], f"seed {seed}: " + "\n".join(said["failures"])

    # THEN each was answered once, and none ran twice
    assert sum(answers.values()) == submissions, said
    assert said["twice"] == 0, said

    # and the pool's own figures say the same
    ran = {kind: answers.get(kind, 0) for kind in ("value", "TIMEOUT", "WORKER_CRASHED", "ABORTED")}
    assert all(ran.values()), f"not all was tried: {said}"
    assert stats["total_executions"] == sum(ran.values()), said
    assert stats["successful_executions"] == ran["value"], said
    assert stats["failed_executions"] == sum(ran.values()) - ran["value"], said
    assert stats["timeout_executions"] == reasons["TIMEOUT"] == ran["TIMEOUT"], said
    assert stats["contained_crashes"] == reasons["CRASH"] == ran["WORKER_CRASHED"], said
    assert stats["forced_terminations"] == ran["TIMEOUT"] + ran["ABORTED"], said
    assert reasons["ABORTED"] == ran["ABORTED"], said
    assert reasons.get("MAX_EXECUTIONS", 0) > 0, said
    assert set(reasons) == {"TIMEOUT", "CRASH", "ABORTED", "MAX_EXECUTIONS"}, said
    assert stats["worker_recycles"] == sum(reasons.values()), said
    assert (stats["active_workers"], stats["queue_depth"], said["condemned"]) == (0, 0, 0), said
    assert 2 <= stats["total_workers"] <= 4, said
    assert said["threads"] == ["MainThread"], said

    # and no memory was left behind
    quarter, end = said["memory"]
    assert end - quarter < GROWTH, said
    print(f"seed {seed}: {answers}, {reasons}, {(end - quarter) / MB:.1f} MB")
