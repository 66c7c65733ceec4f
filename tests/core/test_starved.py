"""A slot whose thread only waits for a processor is late, and not lost; one that is stuck is lost."""

from __future__ import annotations

from typing import Any

import pytest
from slots import child

PROGRAM = r"""
import itertools, subprocess, time
from contextlib import contextmanager

N = native()
LIMIT = 0.05
ENDLESS = "while True: pass"
HOG = '''
import os, sys
os.nice(19)
os.sched_setaffinity(0, {int(sys.argv[1])})
print(flush=True)
while os.getppid() == int(sys.argv[2]): pass
'''
processors = sorted(os.sched_getaffinity(0))
free, full = processors[:-1] or processors, processors[-1:]


@contextmanager
def full_processor():
    # All at 19, whatever this program is: then it is known what starve() comes to.
    os.sched_setaffinity(0, free)
    command = [sys.executable, "-I", "-S", "-c", HOG, str(full[0]), str(os.getpid())]
    hogs = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(8)]
    try:
        for hog in hogs:
            hog.stdout.readline()
        yield
    finally:
        for hog in hogs:
            hog.kill()
        for hog in hogs:
            hog.communicate()


def starve(slot):
    # The kernel gives it one part in 41: its weight is 3, that of each hog 15.
    os.sched_setscheduler(slot.thread_id, os.SCHED_IDLE, os.sched_param(0))
    os.sched_setaffinity(slot.thread_id, full)


def feed(slot):
    # One alone is to be starved: the others may have to wait for what it holds.
    try:
        os.sched_setaffinity(slot.thread_id, free)
        os.sched_setscheduler(slot.thread_id, os.SCHED_OTHER, os.sched_param(0))
    except ProcessLookupError:
        pass


def loop(slot):
    run_id = begin(slot, ENDLESS)
    while slot.state != N.STATE_RUNNING:
        os.sched_yield()
    return run_id


def took(f, *arguments):
    begun = time.monotonic()
    return f(*arguments), time.monotonic() - begun


"""


def _reported(program: str, *arguments: str) -> Any:
    ended = child(PROGRAM + program, *arguments)
    ended.check()
    (said,) = ended.reports
    return said


ENDS = r"""
said = []
slots = [make() for _ in range(8)]
with full_processor():
    for number, slot in enumerate(slots):
        if number % 2:
            loop(slot)
        starve(slot)
        said.append(took(slot.close, LIMIT))
        feed(slot)
        while os.path.exists(f"/proc/self/task/{slot.thread_id}"):
            os.sched_yield()
report(said=said, limit=LIMIT)
"""


def test_a_starved_slot_ends() -> None:
    # GIVEN slots at rest and at work, each on a processor with forty times more to do WHEN they are closed
    said = _reported(ENDS)
    # THEN each is waited for
    assert all(ended for ended, _ in said["said"]), said
    # AND that took longer than they may take
    assert any(seconds > said["limit"] for _, seconds in said["said"]), said


HALTS = r"""
N.condemn_after(LIMIT)
said = []
slots = [make() for _ in range(4)]
turns = itertools.cycle(slots)
with full_processor():
    # Some get the processor sooner: until a few have been late.
    while sum(seconds > LIMIT for _, seconds in said) < 3 and len(said) < 100:
        slot = next(turns)
        run_id = loop(slot)
        starve(slot)
        slot.halt(run_id, N.HALT_ABORTED)
        (outcome, detail, _), seconds = took(answer, slot, run_id)
        said.append(((outcome, detail) == (N.OUTCOME_HALTED, N.HALT_ABORTED), seconds))
        feed(slot)
        settle(slot)
again = [run(slot, "1 + 1")[2] for slot in slots]
report(said=said, limit=LIMIT, again=again, condemned=N.counters()["slots_condemned"])
"""


def test_a_starved_run_is_halted() -> None:
    # GIVEN runs, each on a processor with forty times more to do WHEN they are halted
    said = _reported(HALTS)
    # THEN none is given up, and the slots go on
    assert all(halted for halted, _ in said["said"]), said
    assert (said["condemned"], said["again"]) == (0, [2] * 4), said
    # AND that took longer than they may take
    assert any(seconds > said["limit"] for _, seconds in said["said"]), said


LOST = r"""
N.condemn_after(LIMIT)
slot = make()
run_id = begin(slot, "import time\nheld = bytearray(5_000_000)\n" + sys.argv[1])
while slot.memory()[0] < 5_000_000:
    os.sched_yield()
N.hold_back(slot.layout[4])  # as if it were in a section of the core that never ends


def halt():
    slot.halt(run_id, N.HALT_ABORTED)
    return answer(slot, run_id)


(outcome, detail, _), halted = took(halt)
ended, closed = took(slot.close, LIMIT)
report(told=(outcome, detail) == (N.OUTCOME_HALTED, N.HALT_ABORTED), state=slot.state == N.STATE_CONDEMNED,
       condemned=N.counters()["slots_condemned"], ended=ended, seconds=(halted, closed), limit=LIMIT)
os._exit(0)  # an orderly end is for test_exit.py
"""


@pytest.mark.parametrize("what", ["while True: pass", "time.sleep(1000)"])
def test_a_stuck_slot_is_given_up(what: str) -> None:
    # GIVEN a run that cannot be left, at work or asleep WHEN it is halted, and its slot closed
    said = _reported(LOST, what)
    # THEN it is given up
    assert (said["told"], said["state"], said["condemned"], said["ended"]) == (True, True, 1, False), said
    # AND not before its time was over (how long after, native_test_patience.c says, where nobody else is at work)
    assert all(said["limit"] <= seconds for seconds in said["seconds"]), said
