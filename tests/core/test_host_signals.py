"""The host's own signal handling goes on working while slots start, run, are halted and crash.

Each scenario is a child process with one slot that is kept busy on a thread of its own.
"""

from __future__ import annotations

import pytest
from slots import child

BUSY = r"""
import faulthandler, signal, threading
N = native()
ACTS = [
    ("call_tool('x', {})", 0, N.OUTCOME_VALUE),
    ("while True: pass", 0.005, N.OUTCOME_HALTED),
    ("import time; time.sleep(1000)", 0.005, N.OUTCOME_HALTED),
    ("import itertools; sum(itertools.repeat(1))", 0.005, N.OUTCOME_HALTED),
    ("x = [0]\nwhile True: x += x", 0, N.OUTCOME_HALTED),
    ("import os; os.abort()", 0, N.OUTCOME_CRASHED),
]
stop, failures, rounds = threading.Event(), [], 0


def keep_busy():
    # Runs of every kind, each time in a new slot: the crash at the end takes it away.
    global rounds
    try:
        while not stop.is_set():
            slot = make()
            for code, seconds, outcome in ACTS:
                got = run(slot, code, timeout=seconds)
                if got.outcome != outcome:
                    failures.append((code, got))
            slot.close(STUCK)
            rounds += 1
    except BaseException as error:
        failures.append(repr(error))


busy = threading.Thread(target=keep_busy)


def wait_until(true):
    # A condition that a signal handler brings about: it runs on this thread, between two waits.
    end = time.monotonic() + STUCK
    while not true():
        assert time.monotonic() < end, "it did not come"
        threading.Event().wait(0.001)


def finish(**facts):
    stop.set()
    busy.join()
    report(failures=failures, busy=rounds > 0, **facts)


"""

SCENARIOS = {
    # GIVEN handlers WHEN timers go off and signals are sent by the hundred THEN each handler is called.
    "handlers": """
counts = dict.fromkeys((signal.SIGINT, signal.SIGALRM, signal.SIGUSR1, signal.SIGTERM), 0)
def count(number, frame):
    assert threading.current_thread() is threading.main_thread()
    counts[number] += 1
for number in counts: signal.signal(number, count)
busy.start()
signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
wait_until(lambda: rounds >= 3 and counts[signal.SIGALRM] >= 50)
signal.setitimer(signal.ITIMER_REAL, 0)
for number in (signal.SIGINT, signal.SIGUSR1, signal.SIGTERM):
    for n in range(1, 51):
        os.kill(os.getpid(), number)
        wait_until(lambda: counts[number] == n)
finish()
""",
    # GIVEN a host thread in a run WHEN a signal comes THEN its handler runs during the wait, and the wait goes on.
    "during a wait": """
came = []
signal.signal(signal.SIGALRM, lambda *ignored: came.append(N.counters()["slots_started"]))
slot = make()
signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
code = "import time; time.sleep(0.5); 7"
assert run(slot, code).value == 7
signal.setitimer(signal.ITIMER_REAL, 0)
busy.start()
wait_until(lambda: rounds)
finish(during=len(came) > 1)
""",
    # GIVEN a handler that raises WHEN its signal comes during a wait THEN the wait ends with what it raised.
    "a handler that raises": """
class Alarm(Exception): pass
def ring(*ignored): raise Alarm
signal.signal(signal.SIGALRM, ring)
slot = make()
run_id = begin(slot, "while True: pass")
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    slot.next_event()
except Alarm:
    raised = True
slot.halt(run_id, N.HALT_ABORTED)
assert answer(slot, run_id).outcome == N.OUTCOME_HALTED
busy.start()
wait_until(lambda: rounds)
finish(raised=raised)
""",
    "set_wakeup_fd": """
import socket
here, there = socket.socketpair()
there.setblocking(False)
here.settimeout(STUCK)
signal.set_wakeup_fd(there.fileno())
signal.signal(signal.SIGUSR1, lambda *ignored: None)
busy.start()
wait_until(lambda: rounds)
for _ in range(50):
    os.kill(os.getpid(), signal.SIGUSR1)
    assert here.recv(1) == bytes([signal.SIGUSR1])
wait_until(lambda: rounds >= 2)
finish()
""",
    "asyncio": """
import asyncio
async def main():
    loop = asyncio.get_running_loop()
    came = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, came.set)
    loop.add_signal_handler(signal.SIGINT, came.set)
    for number in (signal.SIGUSR1, signal.SIGINT) * 25:
        os.kill(os.getpid(), number)
        await asyncio.wait_for(came.wait(), STUCK)
        came.clear()
    # A slot's wait in another thread leaves the loop alone.
    return await asyncio.to_thread(lambda: run(make(), "1 + 1").value)
busy.start()
value = asyncio.run(main())
wait_until(lambda: rounds)
finish(value=value)
""",
    "sigwait and masks": """
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGUSR2})
masks = []
def thread():
    masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    slot = make()
    run(slot, "while True: pass", timeout=0.002)
    run(slot, "import os; os.abort()")
    masks.append(signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGHUP}))
    run(make(), "1")
    masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
t = threading.Thread(target=thread)
t.start()
t.join()
busy.start()
wait_until(lambda: rounds)
mine = signal.pthread_sigmask(signal.SIG_BLOCK, ())
os.kill(os.getpid(), signal.SIGUSR1)  # blocked in every thread of the host, and no slot may take it
got = signal.sigwait({signal.SIGUSR1})
finish(masks=[sorted(mask) for mask in [*masks, mine]], got=got)
""",
    # GIVEN a slot that runs WHEN the host starts a program THEN that has no signal blocked, caught or ignored by us.
    "subprocesses": """
import subprocess
command = ["/bin/cat", "/proc/self/status"]
def signals():
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in lines if line.startswith(("SigBlk", "SigIgn", "SigCgt", "Seccomp:", "NoNewPrivs"))]
before = signals()
busy.start()
wait_until(lambda: rounds)
during = [signals() for _ in range(10)]
by_thread = []
t = threading.Thread(target=lambda: [run(make(), "1"), by_thread.append(signals())])
t.start()
t.join()
finish(same=all(found == before for found in [*during, *by_thread]), before=before)
""",
}

EXPECTED = {
    "during a wait": {"during": True},
    "a handler that raises": {"raised": True},
    "asyncio": {"value": 2},
    "sigwait and masks": {"masks": [[10, 12], [10, 12], [1], [10, 12]], "got": 10},
}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_host_signals(scenario: str) -> None:
    ended = child(BUSY + SCENARIOS[scenario])
    ended.check()
    (said,) = ended.reports
    assert not said["failures"], said
    assert said["busy"], said
    for name, value in EXPECTED.get(scenario, {}).items():
        assert said[name] == value, said
    assert said.get("same", True), said


# --- Faults of the host itself -----------------------------------------------------------------------------------

# The host reads address 0, on a thread that is not a slot's.
FAULT = """
import ctypes
report()
ctypes.string_at(0)
"""

ON_A_THREAD = """
import ctypes
report()
t = threading.Thread(target=ctypes.string_at, args=(0,), name="the faulty one")
t.start()
t.join()
"""

AFTER_RUNS = """
busy.start()
wait_until(lambda: rounds)
stop.set()
busy.join()
"""


@pytest.mark.parametrize(
    ("when", "fault"),
    [("never", FAULT), ("before", ON_A_THREAD), ("after", FAULT), ("both", ON_A_THREAD)],
    ids=["never", "before", "after", "both"],
)
def test_a_fault_of_the_host(when: str, fault: str) -> None:
    # GIVEN a host with faulthandler, enabled before or after slots have crashed
    enable = "import faulthandler; faulthandler.enable()\n"
    before = enable if when in ("before", "both") else ""
    after = enable if when in ("after", "both") else ""
    # WHEN a thread of its own faults THEN faulthandler tells and the process dies of it, as without slots
    ended = child(before + BUSY + AFTER_RUNS + after + fault)
    ended.check(-11, within=10.0, stderr=None)
    assert ended.stderr.count("Fatal Python error: Segmentation fault") == (when != "never"), ended.stderr
    assert ("string_at" in ended.stderr) == (when != "never"), ended.stderr


def test_a_fault_of_a_guest_is_not_told_by_faulthandler() -> None:
    # GIVEN a host with faulthandler WHEN guests crash THEN its stderr stays empty
    enable = "import faulthandler; faulthandler.enable()\n"
    ended = child(enable + BUSY + AFTER_RUNS + "faulthandler.disable(); faulthandler.enable()\nfinish()")
    ended.check()
    assert not ended.reports[0]["failures"], ended


def test_faulthandler_registered_and_timed() -> None:
    # GIVEN faulthandler.register() and dump_traceback_later() WHEN slots are busy THEN both write and nothing is hurt
    program = """
import tempfile
out = tempfile.TemporaryFile()
faulthandler.register(signal.SIGUSR1, file=out, all_threads=True)
busy.start()
wait_until(lambda: rounds)
for _ in range(20): os.kill(os.getpid(), signal.SIGUSR1)
stop.set()
busy.join()
# What writes in time reads the frames of all threads without the GIL: CPython alone crashes if one of them runs Python
# meanwhile.  So the host waits in C.
slot = make()
run_id = begin(slot, "while True: pass")
faulthandler.dump_traceback_later(0.02, file=out)
assert slot.next_event(0.5) is None
assert slot.halt(run_id, N.HALT_ABORTED)
faulthandler.unregister(signal.SIGUSR1)
out.seek(0)
text = out.read().decode()
finish(dumps=text.count("Current thread"), timed="Timeout" in text, guests="<enclave>" in text)
"""
    ended = child(BUSY + program)
    ended.check()
    (said,) = ended.reports
    assert not said["failures"], said
    assert said["dumps"] >= 20, said
    assert said["timed"], said


def test_a_native_handler_of_the_host() -> None:
    # GIVEN a host whose C code handles SIGSEGV by itself (here: by leaving with a status of its own)
    program = """
import ctypes
libc = ctypes.CDLL(None)
libc.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.signal(signal.SIGSEGV, ctypes.cast(libc._exit, ctypes.c_void_p))
"""
    # WHEN slots crash, and then a thread of the host does THEN only the latter reaches that handler
    ended = child("import signal\n" + program + BUSY + AFTER_RUNS + FAULT)
    ended.check(11)  # _exit(SIGSEGV)


def test_ignored_and_raised_signals() -> None:
    # GIVEN a host that ignores or handles signals that crashes have WHEN it raises them THEN they are as it set them
    program = """
got = []
signal.signal(signal.SIGABRT, lambda number, frame: got.append(number))
signal.signal(signal.SIGFPE, signal.SIG_IGN)
busy.start()
wait_until(lambda: rounds)
for number in (signal.SIGABRT, signal.SIGFPE): os.kill(os.getpid(), number)
signal.raise_signal(signal.SIGABRT)
signal.raise_signal(signal.SIGFPE)
wait_until(lambda: len(got) == 2)
# Set while slots run: it counts from then on.
signal.signal(signal.SIGFPE, lambda number, frame: got.append(number))
before = rounds
wait_until(lambda: rounds > before)
os.kill(os.getpid(), signal.SIGFPE)
wait_until(lambda: len(got) == 3)
finish(got=got)
"""
    ended = child(BUSY + program)
    ended.check()
    (said,) = ended.reports
    assert not said["failures"], said
    assert said["got"] == [6, 6, 8], said
