"""The threads that serve concurrent tool calls, at the ends of processes: exit with and without close, and fork."""

from __future__ import annotations

import pytest
from slots import child

PROGRAM = """
import os, threading
from enclave_subinterp import Enclave, WorkerPoolPresets

GATHER = "import asyncio\\nawait asyncio.gather(acall_tool('a'), acall_tool('b'))"

def enclave(handler):
    return Enclave(tool_handler=handler)

def helpers():
    return [t.name for t in threading.enumerate() if t.name.startswith("enclave-tools")]

"""


def test_a_process_exits_by_itself_with_helpers_left() -> None:
    ended = child(
        PROGRAM
        + """
kept = enclave(lambda name, args: name)
value = kept.run(GATHER).unwrap()
report(value=value, helpers=len(helpers()))
"""
    )
    ended.check()
    assert ended.reports[0]["value"] == ["a", "b"]
    assert ended.reports[0]["helpers"] > 0


def test_a_process_exits_while_a_submitted_script_calls() -> None:
    """GIVEN a tool that returns only once the exit has begun WHEN the program ends THEN the process does, too."""
    ended = child(
        PROGRAM
        + """
exiting, entered = threading.Event(), threading.Semaphore(0)
def held(name, args):
    entered.release()
    exiting.wait()
    return name
kept = enclave(held)
handle = kept.submit(GATHER)
entered.acquire()
threading._register_atexit(exiting.set)  # the last to come is the first to be called
report(running=not handle.done())
"""
    )
    ended.check()
    assert ended.reports[0]["running"]


@pytest.mark.parametrize("leaves", [True, False])
def test_a_tool_that_forks_on_a_helper(leaves: bool) -> None:
    """GIVEN a tool that forks on a helper thread WHEN its child comes back from the tool THEN the child ends, and the
    run goes on in the parent alone."""
    ended = child(
        PROGRAM
        + f"""
import warnings
warnings.simplefilter("ignore", DeprecationWarning)
status = []
def forks(name, args):
    if name == "a":
        pid = os.fork()
        if pid == 0:
            if {leaves}:
                os._exit(3)
            return "child"
        status.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    return name
with enclave(forks) as it:
    value = it.run(GATHER).unwrap()
report(value=value, status=status)
"""
    )
    ended.check(stderr=None)
    assert [(r["value"], r["status"]) for r in ended.reports] == [(["a", "b"], [3 if leaves else 1])]
