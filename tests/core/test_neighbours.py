"""Slots created, ended, halted and rewound at random by eight threads: every answer right, nothing lost or stuck."""

from __future__ import annotations

import os
import random

import pytest
from slots import child

SECONDS = float(os.environ.get("ENCLAVE_STRESS_SECONDS", "8"))
GRACE = 45.0  # seconds for the start and the end; whoever is not back by then is stuck

# Said once per kind of act in the report: each must have happened.
ACTS = (
    "honest",
    "stain",
    "tool",
    "output",
    "timeout",
    "halt",
    "late_halt",
    "memory",
    "crash",
    "close",
    "close_running",
    "close_starting",
    "forget",
)

PROGRAM = r"""
import collections, faulthandler, random, threading, time, traceback

seed, seconds, grace = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
faulthandler.dump_traceback_later(seconds + grace - 5, exit=True)
N = native()
ENDLESS = [
    "while True: pass",
    "import time\ntime.sleep(1000)",
    "import itertools\nsum(itertools.repeat(1))",
    "import re\nre.match('(a+)+$', 'a' * 50 + 'b')",
    "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    "while True:\n    try:\n        while True: 1 / 0\n    except BaseException: pass",
    "while True: type('X', (), {'f': lambda self: None})().f()",
    "import json\nwhile True: json.loads(json.dumps([{'a': list(range(100))}] * 20))",
    "import hashlib\nhashlib.pbkdf2_hmac('sha256', b'a', b'b', 10**9)",
    "import importlib, json.decoder\nwhile True: importlib.reload(json.decoder)",
    "class D:\n    def __del__(self): D()\nD()\nwhile True: pass",
    "10 ** 10 ** 9",
    "while True: call_tool('wait', {})",
]
STAIN = '''
import builtins, json, sys
builtins.stained = json.stained = sys.stained = True
json.dumps = len = sum = None
sys.setrecursionlimit(60)
class Stain:
    def __del__(self): builtins.stained = 2
kept = [Stain() for _ in range(100)]
kept.append(kept)
'''
HONEST = '''
import builtins, json, sys
clean = not any(hasattr(m, "stained") for m in (builtins, json, sys)) and "kept" not in globals()
(clean, json.loads(json.dumps(["x" * n] * 3)), sum(range(n)), sys.getrecursionlimit() > 900)
'''
done = collections.Counter()
failures = []
stop = threading.Event()


def check(act, got, *expected):
    done[act] += 1
    if got[: len(expected)] != expected:
        raise AssertionError(f"{act}: expected {expected}, got {got}")


def act(dice, slot):
    # One thing done with a slot; the slot to go on with, or None.
    what = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    endless = dice.choice(ENDLESS)
    if what == "honest":
        n = dice.randrange(2000)
        got = run(slot, HONEST, variables={"n": n})
        check(what, got, N.OUTCOME_VALUE, 0, (True, ["x" * n] * 3, n * (n - 1) // 2, True))
    elif what == "stain":
        check(what, run(slot, STAIN), N.OUTCOME_VALUE, 0, None)
    elif what == "tool":
        n = dice.randrange(10**6)
        got = run(slot, "call_tool('a', {'n': n}) + call_tool('b', {})", variables={"n": n}, tool=lambda name: n)
        check(what, got, N.OUTCOME_VALUE, 0, 2 * n)
    elif what == "output":
        check(what, run(slot, "for _ in range(10**9): print('x' * 99)", max_output_bytes=5000),
              N.OUTCOME_HALTED, N.HALT_OUTPUT)
    elif what == "timeout":
        check(what, run(slot, endless, timeout=dice.uniform(0.0005, 0.02)), N.OUTCOME_HALTED, N.HALT_TIMEOUT)
    elif what == "halt":
        run_id = begin(slot, endless)
        stop.wait(dice.uniform(0, 0.01))
        while not slot.halt(run_id, N.HALT_ABORTED):  # it has not begun yet
            os.sched_yield()
        check(what, answer(slot, run_id), N.OUTCOME_HALTED, N.HALT_ABORTED)
    elif what == "late_halt":
        run_id = begin(slot, "1 + 1")
        stop.wait(dice.uniform(0, 0.0003))
        halted = slot.halt(run_id, N.HALT_ABORTED)
        got = answer(slot, run_id)
        if got != (N.OUTCOME_VALUE, 0, 2) and (not halted or got[:2] != (N.OUTCOME_HALTED, N.HALT_ABORTED)):
            raise AssertionError(f"late halt, taken: {halted}, got {got}")
        done[what] += 1
    elif what == "memory":
        check(what, run(slot, "x = []\nwhile True: x.append(bytearray(100_000))"), N.OUTCOME_HALTED, N.HALT_MEMORY)
    elif what == "crash":
        check(what, run(slot, "import os\nos.abort()"), N.OUTCOME_CRASHED, 6)
        ended(slot, "close")
        return None
    elif what == "close":
        ended(slot, what)
        return None
    elif what == "close_running":
        begin(slot, endless)
        stop.wait(dice.uniform(0, 0.005))
        ended(slot, what)
        return None
    elif what == "close_starting":
        ended(slot, what)
        slot = make(wait=False)
        stop.wait(dice.uniform(0, 0.03))
        ended(slot, what)
        return None
    elif what == "forget":  # its last reference goes while it runs
        begin(slot, endless)
        done[what] += 1
        return None
    return slot


WEIGHTS = {"honest": 30, "stain": 8, "tool": 6, "output": 3, "timeout": 12, "halt": 12, "late_halt": 8, "memory": 2,
           "crash": 1, "close": 1, "close_running": 1, "close_starting": 1, "forget": 1}


def ended(slot, what):
    if not slot.close(STUCK):
        raise AssertionError(f"{what}: the slot could not be ended, state {slot.state}")
    done[what] += 1


def neighbour(number):
    dice = random.Random(seed * 100 + number)
    slot = None
    try:
        while not stop.is_set():
            if slot is None:
                slot = make(pristine=True, rewind=dice.choice(REWINDS))
            slot = act(dice, slot)
        if slot is not None:
            ended(slot, "close")
    except BaseException as error:
        failures.append(f"thread {number}: " + "".join(traceback.format_exception(error)))
        stop.set()


REWINDS = ["auto", "auto", "remap"]
threads = [threading.Thread(target=neighbour, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
stop.wait(seconds)
stop.set()
for thread in threads:
    thread.join()
faulthandler.cancel_dump_traceback_later()
end = time.monotonic() + STUCK
while (counts := N.counters())["slots_ended"] < counts["slots_started"] and time.monotonic() < end:
    os.sched_yield()  # those that were forgotten end by themselves
report(done=done, failures=failures, counts=N.counters())
"""


@pytest.mark.timeout(SECONDS + 2 * GRACE)
def test_neighbours() -> None:
    # GIVEN eight threads of a host WHEN each makes, uses, halts and ends slots of its own at random
    seed = random.SystemRandom().randrange(10**6)
    ended = child(PROGRAM, str(seed), str(SECONDS), str(GRACE), timeout=SECONDS + GRACE)
    # THEN every answer was right, every slot ended, and so did the process
    ended.check(within=3.0)
    (said,) = ended.reports
    assert not said["failures"], f"seed {seed}: " + "\n".join([*said["failures"], str(said["counts"])])
    assert said["counts"]["slots_condemned"] == 0, said
    assert said["counts"]["slots_ended"] == said["counts"]["slots_started"], said
    assert said["counts"]["crashes"] == said["done"]["crash"], said
    assert set(said["done"]) == set(ACTS), f"not all was tried: {said['done']}"
    print(f"seed {seed}: {sum(said['done'].values())} acts, {said['done']}, {said['counts']}")
