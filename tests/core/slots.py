"""Slots of the native core without pool and façade, and child processes to try them in.

Imported by the tests of this folder and, through `child`, by the programs that they run.
"""

from __future__ import annotations

import json
import marshal
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

MB = 1024 * 1024
FOLDER = Path(__file__).resolve().parent
PRELUDE = f"import sys; sys.path.insert(0, {str(FOLDER)!r})\nfrom slots import *\n"
CHILD_TIMEOUT = 30.0  # seconds that a child may take before it is killed
STUCK = 20.0  # seconds in which a slot must have said something

_runtime: list[bytes] = []


def native() -> Any:
    """The extension; Any, because what only test builds have is not in its stub."""
    from enclave_subinterp import _native

    return _native


# --- Slots -----------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """What a run came to: numbers of the stub (OUTCOME_, HALT_ or signal), and the value or [code, name, ...]."""

    outcome: int
    detail: int
    value: Any


def runtime(text: str) -> bytes:
    """A guest's runtime of this text alone."""
    return marshal.dumps((compile(text, "<runtime of a test>", "exec", dont_inherit=True),))


def make(*, memory_limit: int = 64 * MB, wait: bool = True, **options: Any) -> Any:
    """A slot as the adapter makes it, by default ready."""
    from enclave_subinterp._adapters import subinterpreter as adapter

    if not _runtime:
        adapter._prepare_host(())
        _runtime.append(adapter._bootstrap("STANDARD", (), frozenset()))
    slot = native().Slot(bootstrap=_runtime[0], memory_limit=memory_limit, max_message_size=4 * MB, **options)
    if wait:
        ready(slot)
    return slot


def ready(slot: Any) -> None:
    """Wait until a slot has started."""
    if not slot.wait_ready(STUCK):
        raise AssertionError("a slot did not start")


def begin(slot: Any, code: str, *, variables: dict[str, Any] | None = None, **limits: Any) -> int:
    """Hand over a script; the run's id."""
    run_id: int = slot.start(native().encode((code, "<enclave>", variables, {})), **limits)
    return run_id


def answer(slot: Any, run_id: int, tool: Callable[[str], Any] | None = None) -> Answer:
    """Wait for the end of that run, answering its tool calls."""
    module = native()
    while True:
        event = slot.next_event(STUCK)
        if event is None:
            raise AssertionError(f"run {run_id} said nothing for {STUCK} s; state {slot.state}")
        kind, number, first, *_ = event
        if kind == module.EVENT_TOOL_CALL:
            slot.reply(number, True, module.encode(tool(first) if tool is not None else None))
        elif kind == module.EVENT_DONE:
            if number != run_id:
                raise AssertionError(f"the answer of run {number} came to run {run_id}")
            value = module.decode(first.payload) if first.payload else None
            return Answer(first.outcome, first.detail, value)


def run(slot: Any, code: str, *, tool: Callable[[str], Any] | None = None, **limits: Any) -> Answer:
    """One script from start to end."""
    return answer(slot, begin(slot, code, **limits), tool)


def settle(slot: Any) -> None:
    """Wait until a slot has rewound after a run whose answer is there."""
    module = native()
    end = time.monotonic() + STUCK
    while slot.state != module.STATE_IDLE:
        if slot.state in (module.STATE_ENDED, module.STATE_FAILED) or time.monotonic() > end:
            raise AssertionError(f"the slot does not come to rest: state {slot.state}")
        slot.next_event(
            0.001
        )  # there is no event to come: it returns when the state has changed or time is up


def private_memory() -> int:
    """Bytes that this process holds alone: what it has written and keeps."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024
    raise LookupError("Private_Dirty")


def report(**facts: Any) -> None:
    """What a child's test wants to know, and when it was said, on the clock that all processes share."""
    print(json.dumps({**facts, "at": time.monotonic()}), flush=True)


# --- Children ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ended:
    """How a child ended."""

    status: int | None  # exit code, negative for a signal; None when it had to be killed
    reports: list[dict[str, Any]]
    stderr: str
    exit_seconds: float  # from the last report to the end of the process

    def check(self, status: int = 0, *, within: float | None = None, stderr: str | None = "") -> None:
        """It ended by itself, so, within that many seconds of its last report, with that on stderr (None: anything)."""
        assert self.status == status, f"exit status {self.status}, not {status}: {self}"
        if stderr is not None:
            assert self.stderr == stderr, self.stderr
        if within is not None:
            assert self.reports, self
            assert self.exit_seconds <= within, f"{self.exit_seconds:.2f} s to the exit: {self}"


def child(
    source: str,
    *arguments: str,
    options: Sequence[str] = ("-I",),
    env: Mapping[str, str] | None = None,
    timeout: float = CHILD_TIMEOUT,
    at_report: Callable[[subprocess.Popen[str]], None] | None = None,
) -> Ended:
    """Run a program in a Python of its own, with the names of this module at hand.

    `at_report` is called once, when the first report has come.
    """
    command = [sys.executable, *options, "-c", PRELUDE + source, *arguments]
    head = ""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    ) as process:
        try:
            if at_report is not None:
                assert process.stdout is not None
                head = process.stdout.readline()
                at_report(process)
            out, err = process.communicate(timeout=timeout)
            status: int | None = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            status = None
        ended = time.monotonic()
    reports = [json.loads(line) for line in (head + out).splitlines()]
    return Ended(status, reports, err, ended - reports[-1]["at"] if reports else 0.0)
