"""Wrong use of slots and enclaves comes to a clear error: never a crash, a hang or a silent nothing."""

from __future__ import annotations

import pytest
from slots import child

# --- The core's own types, with whatever one may hand them --------------------------------------------------------

WRONG = r"""
import warnings
N = native()
warnings.simplefilter("ignore", DeprecationWarning)  # 3.15: of numbers that an unsigned format cuts off


class Hostile:
    def refuse(self, *ignored):
        raise ZeroDivisionError("hostile")

    __index__ = __int__ = __float__ = __bool__ = __len__ = __buffer__ = __str__ = __hash__ = refuse


VALUES = [
    None, True, -1, 0, 2**31, 2**63, 2**64, -(2**70), 1.5, -1.5, float("nan"), float("inf"), -float("inf"), 1e300, 1j,
    "", "text", "\0", "\udc80", "x" * 10**5, b"", b"\0", b"\xff" * 100, bytearray(b"x"), memoryview(b"xyz")[::2], [],
    (), {}, {1: 2}, object(), Hostile(), Hostile, N, int, print, range(3), ...,
]
ALLOWED = (TypeError, ValueError, OverflowError, N.NativeError, ZeroDivisionError, BufferError, MemoryError)
"""

# Every argument of every method, one wrong at a time, on slots in every state.
METHODS = (
    WRONG
    + r"""
def attempt(function, *arguments, **options):
    # What it came to: a value, or one of the errors allowed.
    try:
        return function(*arguments, **options)
    except ALLOWED:
        return "refused"


def with_value(count, value, place):
    return [value if n == place else good for n, good in enumerate(count)]


def misuse(slot):
    refused = 0
    for value in VALUES:
        # Waits that are right with any number: those that would be long are left out.
        if not (value is None or value == 2**31 or value == 2**63 or value == 2**64 or value in (1e300, float("inf"))
                or isinstance(value, (bool, float)) and value > 0.5):
            refused += attempt(slot.wait_ready, value) == "refused"
            refused += attempt(slot.next_event, value) == "refused"
        for place in range(3):
            refused += attempt(slot.reply, *with_value([12345, True, b""], value, place)) == "refused"
        for place in range(2):
            refused += attempt(slot.halt, *with_value([12345, N.HALT_ABORTED], value, place)) == "refused"
        for function in (slot.wait_ready, slot.next_event, slot.start, slot.reply, slot.halt, slot.close, slot.memory):
            refused += attempt(function, value, value, value, value, value) == "refused"
            refused += attempt(function, nonsense=value) == "refused"
        for name in ("state", "run_count", "interpreter_id", "thread_id", "layout", "start", "nonsense"):
            try:
                setattr(slot, name, value)
            except (AttributeError, TypeError):
                refused += 1
    for name in ("reply", "halt", "start"):
        refused += attempt(getattr(slot, name)) == "refused"
    return refused


idle, running = make(), make()
for _ in range(20):  # ids of runs are then none of the values
    run(idle, "1")
run_id = begin(running, "while True: pass")
closed = make()
closed.close(STUCK)
crashed = make()
run(crashed, "import os; os.abort()")
failed = N.Slot(bootstrap=runtime("1 / 0"), memory_limit=64 * MB, max_message_size=MB)
attempt(failed.wait_ready, STUCK)
counts = {name: misuse(slot) for name, slot in
          {"idle": idle, "running": running, "closed": closed, "crashed": crashed, "failed": failed}.items()}

# Limits of start(): whatever is taken must still be a run that ends.
for name in ("timeout", "cpu_limit", "max_output_bytes", "max_output_calls", "max_tool_calls", "stream"):
    for value in VALUES:
        got = attempt(idle.start, N.encode(("1 + 1", "<enclave>", None, {})), **{name: value})
        if got != "refused":
            answer(idle, got)
for value in VALUES:  # requests that are none
    got = attempt(idle.start, value)
    if got != "refused":
        answer(idle, got)
for value in (1, "x", ("1", 2), ("1", "f", 3, 4), (1, 2, 3, 4), ["1 + 1", "<enclave>", None, {}], None):
    answer(idle, idle.start(N.encode(value)))

# Answers that are none.
for payload in (b"", b"\xff", N.encode(1), N.encode([1]), N.encode(["name", "message"]), N.encode({"a": [1]})):
    for ok in (True, False):
        got = idle.start(N.encode(("try: call_tool('x', {})\nexcept Exception: pass\n5", "<enclave>", None, {})))
        call = idle.next_event(STUCK)[1]
        assert not idle.reply(call + 1, ok, payload)
        assert idle.reply(call, ok, payload)
        assert not idle.reply(call, ok, payload), "answered twice"
        assert answer(idle, got).outcome in (N.OUTCOME_VALUE, N.OUTCOME_ERROR)

assert running.halt(run_id, N.HALT_ABORTED) and not running.halt(run_id + 1, N.HALT_ABORTED)
assert answer(running, run_id).outcome == N.OUTCOME_HALTED
settle(running)
report(counts=counts, idle=run(idle, "1 + 1").value, running=run(running, "1 + 1").value)
"""
)

CONSTRUCTION = (
    WRONG
    + r"""
good = {"bootstrap": runtime("def run(request): return None"), "memory_limit": 64 * MB, "max_message_size": MB}
made = refused = 0


def attempt(**arguments):
    # A slot that was made comes to an end, or says why it never started.
    global made, refused
    try:
        slot = N.Slot(**arguments)
    except ALLOWED:
        refused += 1
        return
    made += 1
    try:
        slot.wait_ready(STUCK)
    except N.NativeError:
        pass
    assert slot.close(STUCK)


for name in ("bootstrap", "memory_limit", "max_message_size", "stack_size", "pristine", "rewind", "name", "nonsense"):
    for value in VALUES:
        attempt(**{**good, name: value})
    attempt(**{n: v for n, v in good.items() if n != name})
for size in (1, 4096, 255 << 10, 256 << 10, 1 << 40):
    attempt(**good, stack_size=size)
for size in (8 * MB, 1 << 40, 1 << 50, 2**63 - 1):
    attempt(**{**good, "memory_limit": size})
for text in ("run = 1", "import os; os.abort()", "raise SystemExit", "x = [0]\nwhile True: x += x",
             "def f(): f()\nimport sys; sys.setrecursionlimit(10**9); f()"):
    attempt(**{**good, "bootstrap": runtime(text)})
for wrong in (b"(", b"i\0\0\0\0", good["bootstrap"][:-40], runtime("1")[5:], __import__("marshal").dumps((1, 2))):
    attempt(**{**good, "bootstrap": wrong})
attempt(**good, rewind="none")

errors = []
for wrong in (lambda: N.Slot(1), lambda: type("Sub", (N.Slot,), {}), lambda: object.__new__(N.Slot),
              lambda: N.Slot.start(object(), b""), lambda: N.Done(1), lambda: N.Done((1,)), lambda: N.Slot.memory(),
              lambda: __import__("pickle").dumps(make(wait=False)), lambda: __import__("copy").copy(make(wait=False))):
    try:
        wrong()
    except TypeError as error:
        errors.append(str(error))

# The module's own functions.
for value in VALUES:
    for function, count in ((N.platform, 1), (N.counters, 1), (N.approve_extension, 2), (N.approve_extension, 1),
                            (N.set_ext, 2), (N.set_ext, 1), (N.decode, 1), (N.decode, 3)):
        try:
            function(*[value] * count)
        except (*ALLOWED, N.DecodeError, AttributeError):
            pass
report(made=made, refused=refused, errors=errors)
"""
)


def test_methods_of_a_slot() -> None:
    ended = child(METHODS)
    ended.check()
    (said,) = ended.reports
    assert (said["idle"], said["running"]) == (2, 2), said
    assert min(said["counts"].values()) > 300, said


def test_construction_of_a_slot() -> None:
    ended = child(CONSTRUCTION)
    ended.check()
    (said,) = ended.reports
    assert said["made"] > 10, said
    assert said["refused"] > 100, said
    assert len(said["errors"]) == 9, said


# --- States ---------------------------------------------------------------------------------------------------------

STATES = r"""
import threading
N = native()
said = {}


def under_way():
    # A slot whose run has begun.
    slot = make()
    run_id = begin(slot, "call_tool('here', {})\nwhile True: pass")
    slot.reply(slot.next_event(STUCK)[1], True, N.encode(None))
    return slot, run_id


def told(what, function, *arguments, **options):
    try:
        said[what] = function(*arguments, **options)
    except N.NativeError as error:
        said[what] = str(error)


slot, run_id = under_way()
told("second run", begin, slot, "1")
assert slot.close(STUCK)
for name, arguments in {"start": (b"",), "wait_ready": (), "next_event": (), "reply": (1, True, b""),
                        "halt": (run_id, N.HALT_ABORTED), "close": ()}.items():
    if name == "next_event":  # the run's end is still told
        assert answer(slot, run_id) == (N.OUTCOME_HALTED, N.HALT_CLOSED, None)
    told(name, getattr(slot, name), *arguments)
assert slot.memory() == (0, 0, 64 * MB) and slot.run_count == 1, slot.memory()

# Threads that wait for one slot: each comes back, and its last word is told once.
slot, run_id = under_way()
heard = []
def listen():
    while True:
        try:
            event = slot.next_event(STUCK)
        except N.NativeError as error:
            return
        heard.append(event and event[:2])
threads = [threading.Thread(target=listen) for _ in range(4)]
closers = [threading.Thread(target=lambda: said.setdefault("closed", []).append(slot.close(STUCK))) for _ in range(4)]
for thread in threads + closers: thread.start()
for thread in threads + closers: thread.join()
said["heard"] = heard == [(N.EVENT_DONE, run_id)]
report(**said)
"""


def test_a_slot_that_is_busy_or_closed_says_so() -> None:
    ended = child(STATES)
    ended.check()
    (said,) = ended.reports
    del said["at"]
    assert said == {
        "second run": "a run is under way",
        "start": "the worker has ended",
        "wait_ready": "the worker has ended",
        "next_event": "the worker has ended",
        "reply": False,
        "halt": False,
        "close": True,
        "closed": [True] * 4,
        "heard": True,
    }


# --- The module ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loaded", [False, True], ids=["not yet loaded", "loaded"])
def test_in_subinterpreters_of_others(loaded: bool) -> None:
    # GIVEN a subinterpreter of the standard library, with a GIL of its own and without WHEN it imports the core
    program = r"""
try:
    import _interpreters as interpreters
    kinds = [("isolated",), ("legacy",)]
except ImportError:
    import _xxsubinterpreters as interpreters
    kinds = [True, False]
code = '''
try:
    import enclave_subinterp._native
except ImportError as error:
    assert "_native" in str(error), error
else:
    raise AssertionError("loaded")
from enclave_subinterp import Enclave, capabilities
from enclave_subinterp.errors import EnclaveUsageError, UnsupportedPlatformError
try: Enclave()
except EnclaveUsageError as error: assert "main interpreter" in str(error), error
else: raise AssertionError("an enclave was made")
try: capabilities()
except UnsupportedPlatformError as error: assert "_native" in str(error), error
else: raise AssertionError("capabilities() answered")
'''
if sys.argv[1] == "True":
    slot = make()
failures = []
for kind in kinds:
    interpreter = interpreters.create(*kind) if kinds[0] is not True else interpreters.create(isolated=kind)
    try:
        failures.append(interpreters.run_string(interpreter, code))  # 3.12 raises, the others return what was raised
    finally:
        interpreters.destroy(interpreter)
# THEN that is refused, and the host goes on
report(failures=[str(failure) for failure in failures if failure], value=run(make(), "1 + 1").value)
"""
    ended = child(program, str(loaded))
    ended.check()
    (said,) = ended.reports
    assert not said["failures"], said
    assert said["value"] == 2


def test_import_again() -> None:
    # GIVEN a host that has forgotten its modules WHEN it imports them again THEN the old and the new ones both work
    program = r"""
import importlib
from enclave_subinterp import Enclave
old = native()
with Enclave() as before:
    assert before.run("1 + 1").value == 2
    for _ in range(3):
        for name in [name for name in sys.modules if name.startswith("enclave_subinterp")]:
            del sys.modules[name]
        again = importlib.import_module("enclave_subinterp")
        with again.Enclave() as after:
            assert after.run("2 + 2").value == 4
            assert before.run("while True: pass", timeout=0.01).error.code == "TIMEOUT"
            assert before.run("3 + 3").value == 6
    assert native() is not old
    assert native().platform() == old.platform()
report()
"""
    child(program).check(within=10.0)


# --- Forks ----------------------------------------------------------------------------------------------------------

FORK = r"""
import threading, traceback, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # of fork() in a process with threads
N = native()
idle, running, starting = make(), make(), make(wait=False)
run_id = begin(running, "while True: pass")
memory = bytearray(10 * MB)


def in_child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    end = time.monotonic() + STUCK
    while (found := os.waitpid(pid, os.WNOHANG)) == (0, 0):
        if time.monotonic() > end:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            raise AssertionError("the child of the fork hangs")
        threading.Event().wait(0.005)
    assert found[1] == 0, found


def parents_slots():
    for slot in (idle, running, starting):
        for function in (lambda: begin(slot, "1"), lambda: slot.wait_ready(), lambda: slot.next_event()):
            try:
                function()
            except N.NativeError as error:
                assert "ended" in str(error), error
            else:
                raise AssertionError("the parent's slot served the child")
        assert not slot.reply(1, True, b"") and not slot.halt(run_id, N.HALT_ABORTED)
        assert slot.close() is True
        slot.memory(), slot.state, slot.run_count


def own_slots():
    mine = [make() for _ in range(2)]
    assert run(mine[0], "while True: pass", timeout=0.01).outcome == N.OUTCOME_HALTED
    assert run(mine[1], "import os; os.abort()").outcome == N.OUTCOME_CRASHED
    assert run(mine[0], "6 * 7").value == 42
    assert all(slot.close(STUCK) for slot in mine)


def exits():
    make(), make(wait=False)
    sys.exit  # the atexit functions of a child that forked by itself run too
    import atexit
    atexit._run_exitfuncs()


def forks_again():
    in_child(own_slots)
    in_child(parents_slots)


for work in (parents_slots, own_slots, exits, forks_again):
    in_child(work)
# From another thread, and in the middle of other threads' runs.
failures = []
def thread():
    try:
        in_child(own_slots)
    except BaseException as error:
        failures.append(repr(error))
threads = [threading.Thread(target=thread) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
ready(starting)
values = [run(idle, "1 + 1").value, run(starting, "2 + 2").value]
running.halt(run_id, N.HALT_ABORTED)
report(failures=failures, values=values, halted=answer(running, run_id).outcome)
"""


def test_after_fork() -> None:
    # GIVEN slots in several states WHEN the process forks THEN the child is told, makes slots of its own, and the
    # parent's slots have not noticed
    ended = child(FORK, timeout=90)
    ended.check()
    (said,) = ended.reports
    assert not said["failures"], said
    assert (said["values"], said["halted"]) == ([2, 4], 2), said


# --- Within the enclave's own work ---------------------------------------------------------------------------------

ENCLAVE = r"""
import gc, signal, threading
from dataclasses import replace
from enclave_subinterp import Enclave, WorkerPoolPresets
from enclave_subinterp.errors import EnclaveError


def enclave(workers=2, **options):
    config = replace(WorkerPoolPresets.STANDARD, min_workers=1, max_workers=workers, queue_timeout=0.05)
    return Enclave(worker_pool_config=config, **options)


def told(function, *arguments, **options):
    try:
        return function(*arguments, **options).value
    except EnclaveError as error:
        return type(error).__name__


"""

WITHIN = {
    # In the wait of a run: the handler's own run needs a second worker, else it waits its time.
    "signal handler": (
        """
got = []
signal.signal(signal.SIGALRM, lambda *ignored: got.append([told(e.run, "1 + 1"), told(one.run, "1 + 1")]))
def handler(name, args):
    return signal.setitimer(signal.ITIMER_REAL, 0.01) and None if name == "arm" else len(got) > args["n"]
CODE = "import time\\ncall_tool('arm', {})\\nwhile not call_tool('done', {'n': n}): time.sleep(0.001)\\n7"
with enclave(tool_handler=handler, max_tool_calls=10**6) as e:
    with enclave(1, tool_handler=handler, max_tool_calls=10**6) as one:
        report(values=[told(e.run, CODE, globals={"n": 0}), told(one.run, CODE, globals={"n": 1})], got=got)
""",
        {"got": [[2, 2], [2, "QueueTimeoutError"]], "values": [7, 7]},
    ),
    "finalizer": (
        """
got = []
class Late:
    def __del__(self): got.append(told(e.run, "1 + 1"))
class Loop:
    def __init__(self): self.late, self.me = Late(), self
with enclave() as e:
    late = Late()
    del late
    Loop()
    gc.collect()
    e2 = enclave(tool_handler=lambda name, args: Loop() and gc.collect() and None)
    value = told(e2.run, "call_tool('x', {}); 9")
    e2.close()
    report(got=got, value=value)
""",
        {"got": [2, 2, 2], "value": 9},
    ),
    "tool handler": (
        """
def handler(name, args):
    return [told(two.run, "1 + 1"), told(one.run, "1 + 1")]
with enclave(2, tool_handler=handler) as two, enclave(1, tool_handler=handler) as one:
    report(two=told(two.run, "call_tool('x', {})"), one=told(one.run, "call_tool('x', {})"))
""",
        {"two": [2, 2], "one": [2, "QueueTimeoutError"]},
    ),
    "tool handler, deep": (
        """
depth = 0
def handler(name, args):
    return told(e.run, "call_tool('x', {})")
with enclave(4, tool_handler=handler) as e:
    report(value=told(e.run, "call_tool('x', {})"), after=told(e.run, "1 + 1"))
""",
        {"value": "QueueTimeoutError", "after": 2},
    ),
    "callbacks": (
        """
got = []
e = enclave(on_output=lambda stream, text: got.append(told(e.run, "1 + 1")))
with e:
    value = told(e.run, "print('x'); 3")
    handle = e.submit("4")
    done = threading.Event()
    handle.add_done_callback(lambda handle: (got.append(told(e.run, "2 + 2")), done.set()))
    assert done.wait(STUCK)
report(got=got, value=value)
""",
        {"got": [2, 4], "value": 3},
    ),
    "many threads": (
        """
results = []
e = enclave(2)
def thread():
    for n in range(20):
        results.append(told(e.run, f"{n} * 2"))
        e.stats()
threads = [threading.Thread(target=thread) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
closers = [threading.Thread(target=e.close) for _ in range(4)]
for t in closers: t.start()
for t in closers: t.join()
after = [told(e.run, "1"), told(e.submit, "1")]
report(results=sorted(results), after=after, closed=e.stats().total_workers)
""",
        {
            "results": sorted(2 * n for n in range(20) for _ in range(2)),
            "after": ["PoolClosedError", "PoolClosedError"],
            "closed": 0,
        },
    ),
}


@pytest.mark.parametrize("where", WITHIN)
def test_use_from_within(where: str) -> None:
    program, expected = WITHIN[where]
    ended = child(ENCLAVE + program)
    ended.check(within=10.0)
    (said,) = ended.reports
    del said["at"]
    assert said == expected
