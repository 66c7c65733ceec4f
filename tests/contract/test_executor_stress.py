"""Tasks of which a tenth is killed, crashes, exits, times out or takes too much memory: exactly those futures fail.

`make test` runs a short form, `make stress` the 10,000.  It runs in a process of its own: it crashes on purpose.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = r"""
import collections, faulthandler, gc, json, os, random, sys, threading
sys.path.insert(0, sys.argv[1])
count, seconds = int(sys.argv[2]), int(sys.argv[3])
faulthandler.dump_traceback_later(seconds, exit=True)
from enclave_subinterp import *
from tests.contract import executor_tasks as tasks

MB = 1024 * 1024
WAIT = 60.0
WAVE = 500
ERRORS = {"timeout": TaskTimeoutError, "memory": TaskMemoryError, "crash": TaskCrashedError, "exit": TaskExitedError,
          "kill": TaskKilledError}
wrong = []
seen = collections.Counter()


def private():
    gc.collect()
    for line in open("/proc/self/smaps_rollup"):
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024


def begin(executor, act, number, dice):
    endless = dice.choice([(tasks.spin,), (tasks.nap, 1000.0)])
    if act == "timeout":
        return executor.options(timeout=dice.uniform(0.001, 0.05)).submit(*endless)
    if act == "kill":
        return executor.submit(*endless)
    call = {"value": (tasks.double, number), "memory": (tasks.hog,), "exit": (tasks.leave, number % 256),
            "crash": dice.choice([(tasks.fault,), (tasks.abort,)])}
    return executor.submit(*call[act])


def work(count, seed):
    dice = random.Random(seed)
    with EnclaveExecutor(2, memory_limit_per_worker=64 * MB) as executor:
        # In waves: what is measured is what stays, not the heap that ten thousand futures at once take from Python.
        for first in range(0, count, WAVE):
            wave(executor, range(first, min(count, first + WAVE)), dice)
        stats = executor.stats()
    if stats.condemned_slots:
        wrong.append(repr(stats))


def wave(executor, numbers, dice):
    acts = [dice.choice(list(ERRORS)) if dice.random() < 0.1 else "value" for _ in numbers]
    futures = [begin(executor, act, number, dice) for number, act in zip(numbers, acts)]
    for number, act, future in zip(numbers, acts, futures):
        if act == "kill":
            future.kill()
        error = future.exception(WAIT)
        if act == "value":
            right = error is None and future.result() == 2 * number
        else:
            right = type(error) is ERRORS[act] and (act != "exit" or error.status == number % 256)
        seen[act] += 1
        if not right:
            wrong.append((act, number, repr(error)))


def now():
    return private(), len(os.listdir("/proc/self/fd")), threading.active_count()


work(500, 1)
seen.clear()
before = now()
work(count, 2)
print(json.dumps({"wrong": wrong[:5], "seen": seen, "before": before, "after": now()}))
"""


def check(count: int, seconds: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT), str(count), str(seconds)],
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    facts = json.loads(ended.stdout)
    assert facts["wrong"] == []
    assert sum(facts["seen"].values()) == count
    assert len(facts["seen"]) == 6, facts["seen"]
    (memory, descriptors, threads), (memory_after, descriptors_after, threads_after) = (
        facts["before"],
        facts["after"],
    )
    assert memory_after - memory <= 10 * 1024 * 1024, facts
    assert (descriptors_after, threads_after) == (descriptors, threads), facts


def test_each_task_comes_to_what_it_should() -> None:
    check(500, 120)


@pytest.mark.stress
def test_ten_thousand_tasks() -> None:
    check(10_000, 900)
