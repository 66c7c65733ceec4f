"""The host's process ends cleanly whatever its slots are doing: exit status, nothing on stderr, and no hang.

Each scenario is a child process.  The bounds are far above what an exit takes: they tell one that waits for something
that does not come.
"""

from __future__ import annotations

import signal
import subprocess

import pytest
from slots import child

HANG = 15.0  # seconds

# A slot each, started with nothing but the native core.
SLOTS = r"""
N = native()


def under_way(code):
    # A slot that is known to be at the second line of its script.
    slot = make()
    run_id = begin(slot, "call_tool('here', {})\n" + code)
    kind, call, name, *_ = slot.next_event(STUCK)
    assert (kind, name) == (N.EVENT_TOOL_CALL, "here")
    slot.reply(call, True, N.encode(None))
    return slot, run_id


"""

SLOT_STATES = {
    "idle": "kept = [make() for _ in range(3)]",
    "starting": "kept = [make(wait=False) for _ in range(3)]",
    "loops": """kept = [under_way(code) for code in (
        "while True: pass", "while True:\\n try: 1 / 0\\n except: pass"
    )]""",
    "sleeping": """kept = [under_way(code) for code in (
        "import time; time.sleep(1000)",
        "import select; select.select([], [], [])",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    )]""",
    "in C": """kept = [under_way(code) for code in (
        "import itertools; sum(itertools.repeat(1))", "import re; re.match('(a+)+$', 'a' * 50 + 'b')"
    )]""",
    "tool call without an answer": """
slot = make()
begin(slot, "call_tool('x', {})")
assert slot.next_event(STUCK)[0] == N.EVENT_TOOL_CALL""",
    "rewinding": """
kept = [make(), make(rewind="remap")]
ids = [begin(slot, "kept = bytearray(50_000_000)\\n1 + 1") for slot in kept]
for slot, run_id in zip(kept, ids):
    answer(slot, run_id)""",
    "crashed": """
slot = make()
assert run(slot, "import os; os.abort()").outcome == N.OUTCOME_CRASHED""",
    "halted": """
slot, run_id = under_way("while True: pass")
slot.halt(run_id, N.HALT_ABORTED)""",
    "without a reference": """under_way("while True: pass")""",
    "failed to start": """
slot = make(memory_limit=8 << 20, wait=False)
try:
    slot.wait_ready(STUCK)
except N.NativeError:
    pass
else:
    run(slot, "[0] * 10**7")""",
}


@pytest.mark.parametrize("state", SLOT_STATES)
def test_exit_with_slots(state: str) -> None:
    child(SLOTS + SLOT_STATES[state] + "\nreport()").check(within=HANG)


CONDEMNED = """
N.condemn_after(0.5)
slot, run_id = under_way("while True: pass")
# As if it were in a section of the core that never ends; a build with ENCLAVE_TESTING can do that.
N.hold_back(slot.layout[4])
slot.halt(run_id, N.HALT_ABORTED)
got = answer(slot, run_id)
assert got == (N.OUTCOME_HALTED, N.HALT_ABORTED, None), got
report(state=slot.state, condemned=N.counters()["slots_condemned"], ended=slot.close(0.1))
"""


def test_exit_with_a_condemned_slot() -> None:
    # GIVEN a slot that cannot be left where it stands WHEN it is halted THEN it is reported as lost
    ended = child(SLOTS + CONDEMNED)
    # AND the process ends without it
    ended.check(within=HANG)
    (said,) = ended.reports
    assert (said["state"], said["condemned"], said["ended"]) == (5, 1, False), said


# --- Pools -------------------------------------------------------------------------------------------------------

POOLS = r"""
import atexit, math, threading
from dataclasses import replace
here = threading.Semaphore(0)  # counts scripts that have called the tool


def enclave(tool_handler=None, **options):
    from enclave_subinterp import Enclave, WorkerPoolPresets

    def handler(name, args):
        here.release()
        return tool_handler and tool_handler(name, args)

    config = replace(WorkerPoolPresets.STANDARD, min_workers=1, max_workers=4, graceful_shutdown_timeout=0.1)
    options = {"worker_pool_config": config, "timeout": math.inf, "tool_handler": handler, **options}
    return Enclave(**options)


def await_scripts(count):
    for _ in range(count):
        assert here.acquire(timeout=STUCK)


ENDLESS = "call_tool('here', {})\nwhile True: pass"
"""

# What it says, and the exit status that it is to come to.
POOL_SCENARIOS = {
    "several enclaves never closed": (
        """
kept = [enclave() for _ in range(3)]
assert [e.run("1 + 1").value for e in kept] == [2, 2, 2]
handles = [e.submit(ENDLESS) for e in kept]
await_scripts(3)
report()""",
        0,
    ),
    "a script handed over this moment": ("e = enclave(); handle = e.submit('1 + 1'); report()", 0),
    "a full queue": (
        """
e = enclave()
handles = [e.submit(ENDLESS) for _ in range(20)]
await_scripts(4)
report()""",
        0,
    ),
    "sys.exit while other threads wait": (
        """
e = enclave()
results = []
def wait():
    results.append(e.run(ENDLESS, timeout=1.0).error.code)
    results.append(e.run("1 + 1").value)
    if len(results) == 6: report(results=sorted(map(str, results)))
for _ in range(3): threading.Thread(target=wait).start()
await_scripts(3)
sys.exit(3)""",
        3,
    ),
    "daemon threads wait": (
        """
e = enclave()
for _ in range(3): threading.Thread(target=e.run, args=(ENDLESS,), daemon=True).start()
await_scripts(3)
report()
sys.exit(4)""",
        4,
    ),
    "daemon threads run on and on": (
        """
e = enclave()
def again():
    try:
        while True: e.run("call_tool('here', {})")
    except Exception: pass
for _ in range(3): threading.Thread(target=again, daemon=True).start()
await_scripts(50)
report()""",
        0,
    ),
    "os._exit": (
        """
e = enclave()
e.submit(ENDLESS)
e.submit("import time; time.sleep(1000)")
await_scripts(1)
report()
os._exit(5)""",
        5,
    ),
    "sys.exit in a tool handler": (
        """
def leave(name, args):
    report()
    sys.exit(6)
enclave(leave).run("call_tool('leave', {})")""",
        6,
    ),
    "os._exit in a driver's tool handler": (
        """
def leave(name, args):
    report()
    os._exit(7)
e = enclave(leave)
handle = e.submit("call_tool('leave', {})").result()""",
        7,
    ),
    "a tool handler that takes its time": (
        """
e = enclave(lambda name, args: threading.Event().wait(1.0))
e.submit("call_tool('wait', {})")
await_scripts(1)
report()""",
        0,
    ),
    "closed by hand": ("e = enclave(); e.submit(ENDLESS); await_scripts(1); e.close(); report()", 0),
    "atexit before the end of the pools": (
        """
e = enclave()
e.run("1")
atexit.register(lambda: report(value=e.run("1 + 1").value, other=enclave().run("2").value))""",
        0,
    ),
    "atexit after the end of the pools": (
        """
def late():
    try: e.run("1 + 1")
    except Exception as error: refused = [type(error).__name__]
    try: late.kept = enclave()
    except Exception as error: refused.append(type(error).__name__)
    report(refused=refused)
atexit.register(late)
e = enclave()
e.run("1 + 1")""",
        0,
    ),
    "first enclave made at exit": (
        """
def late():
    try: late.kept = enclave()
    except Exception as error: report(refused=type(error).__name__)
atexit.register(late)""",
        0,
    ),
    "the module is deleted": (
        """
e = enclave()
e.run("1 + 1")
for name in [n for n in sys.modules if n.startswith("enclave_subinterp")]: del sys.modules[name]
report()""",
        0,
    ),
}


@pytest.mark.parametrize("scenario", POOL_SCENARIOS)
def test_exit_with_pools(scenario: str) -> None:
    program, status = POOL_SCENARIOS[scenario]
    ended = child(POOLS + program)
    ended.check(status, within=HANG)
    (said,) = ended.reports
    del said["at"]
    expected = {
        "sys.exit while other threads wait": {"results": ["2"] * 3 + ["TIMEOUT"] * 3},
        "atexit before the end of the pools": {"value": 2, "other": 2},
        "atexit after the end of the pools": {"refused": ["PoolClosedError", "EnclaveUsageError"]},
        "first enclave made at exit": {"refused": "EnclaveUsageError"},
    }
    assert said == expected.get(scenario, {})


def test_exit_by_an_unhandled_exception() -> None:
    ended = child(POOLS + "e = enclave(); e.submit(ENDLESS); await_scripts(1); report(); 1 / 0")
    ended.check(1, within=HANG, stderr=None)
    assert ended.stderr.endswith("ZeroDivisionError: division by zero\n"), ended.stderr
    assert ended.stderr.count("Traceback") == 1, ended.stderr


# --- Signals -----------------------------------------------------------------------------------------------------

WAITING = """
e = enclave()
threading.Thread(target=lambda: await_scripts(1) or report(), daemon=True).start()
"""


def test_exit_by_sigterm() -> None:
    # GIVEN a host that waits for a script WHEN SIGTERM comes THEN it ends by it, as every program does
    def terminate(process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGTERM)

    child(POOLS + WAITING + "e.run(ENDLESS)", at_report=terminate).check(-signal.SIGTERM, within=HANG)


# Not the wait for a lock: a signal that comes just before such a wait begins does not end it, in Python itself.
UNTIL_A_SIGNAL = """
import select, signal
reader, writer = os.pipe()
os.set_blocking(writer, False)
signal.set_wakeup_fd(writer)

def handler(name, args):
    if name == "wait":
        select.select([reader], [], [])
"""


@pytest.mark.parametrize(
    "code", ["while True: pass", "import time; time.sleep(1000)", "call_tool('wait', {})"]
)
def test_ctrl_c_ends_the_wait(code: str) -> None:
    # GIVEN a host that waits for a script, or in the handler of its tool call WHEN SIGINT comes
    program = (
        POOLS
        + UNTIL_A_SIGNAL
        + WAITING.replace("enclave()", "enclave(handler)")
        + f"""
try:
    e.run("call_tool('here', {{}})\\n" + {code!r})
except KeyboardInterrupt:
    report(value=e.run("1 + 1").value)
    e.close()
    report()
"""
    )

    def interrupt(process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGINT)

    # THEN run() raises at once, the enclave serves on, and the process ends as it likes
    ended = child(program, at_report=interrupt)
    ended.check(within=HANG)
    begun, served, closed = ended.reports
    assert served["value"] == 2
    assert closed["at"] - begun["at"] < HANG, ended


def test_ctrl_c_ends_the_process() -> None:
    # GIVEN a host that waits for a script and does not catch it WHEN SIGINT comes THEN it ends by the signal
    def interrupt(process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGINT)

    ended = child(POOLS + WAITING + "e.run(ENDLESS)", at_report=interrupt)
    ended.check(-signal.SIGINT, within=HANG, stderr=None)
    assert ended.stderr.endswith("KeyboardInterrupt\n"), ended.stderr
    assert ended.stderr.count("Traceback") == 1, ended.stderr
