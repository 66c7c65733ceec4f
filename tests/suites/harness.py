"""Runs children of the hostile suites and judges what they have in common.

Each program has a child process of its own, forked by a zygote, but for those whose header names a batch.  A child must
print one line of JSON, write nothing to stderr and exit by itself with code 0 soon after closing its enclave.  The
children of the tests that were selected are started two at a time, ahead of the tests that look at them;
ENCLAVE_SUITE_JOBS changes the two.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

SUITES = Path(__file__).resolve().parent
if str(SUITES) not in sys.path:
    sys.path.insert(0, str(SUITES))

from programs import Program  # noqa: E402
from zygote import Zygote  # noqa: E402

HARD_TIMEOUT = 30.0  # seconds that a child may take, whatever it does
# Seconds from close to the end of the process.  It takes a tenth; what hangs takes for ever, and a machine that is busy
# with other things now and then a second.
EXIT_WITHIN = 3.0
BATCH_SIZE = 12
JOBS = int(os.environ.get("ENCLAVE_SUITE_JOBS", "2"))


@dataclass(frozen=True)
class Outcome:
    """What a child came to."""

    report: dict[str, Any]  # {} when it printed none
    status: int | None  # exit code, negative for a signal; None when it had to be killed
    stderr: str
    exit_seconds: float  # from close to exit

    def explain(self) -> str:
        """Everything that a failed test should show."""
        return f"exit status {self.status}, report {json.dumps(self.report)[:1500]}, stderr: {self.stderr[-1500:]!r}"


def run_child(
    arguments: Sequence[str],
    *,
    options: Sequence[str] = ("-I",),
    env: Mapping[str, str] | None = None,
    timeout: float = HARD_TIMEOUT,
    zygote: Zygote | None = None,
) -> Outcome:
    """Run ``child.py`` of this Python with a standard input that says nothing and a temporary directory of its own.

    A child of a zygote has the zygote's options and environment.
    """
    silent, held_open = os.pipe()
    status: int | None
    try:
        with tempfile.TemporaryDirectory(prefix="suite") as tmp:
            if zygote is not None:
                out, err, status = zygote.run(arguments, tmp, silent, timeout)
                return _outcome(out, err, status)
            process = subprocess.Popen(
                [sys.executable, *options, str(SUITES / "child.py"), *arguments],
                stdin=silent,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "TMPDIR": tmp, **(env or {})},
                cwd=tmp,
            )
            try:
                out, err = process.communicate(timeout=timeout)
                status = process.returncode
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                status = None
            return _outcome(out, err, status)
    finally:
        os.close(silent)
        os.close(held_open)


def _outcome(out: bytes, err: bytes, status: int | None) -> Outcome:
    ended = time.monotonic()
    try:
        report = json.loads(out)
    except ValueError:
        report = {}
        err += b"\n--- stdout, which is not a report: " + out[-1000:]
    return Outcome(report, status, err.decode(errors="replace"), ended - report.get("closed_at", ended))


class Ahead:
    """Runs children ahead of the tests that ask for them, `JOBS` at a time, in the order of the tests."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(JOBS, thread_name_prefix="suite-child")
        self._futures: dict[str, Future[Outcome]] = {}
        self._zygotes: SimpleQueue[Zygote] = SimpleQueue()

    def expect(self, programs: Sequence[Program]) -> None:
        """Start the children of these programs, in this order, unless that was done."""
        fresh = [program for program in programs if program.name not in self._futures]
        for batch in batches(fresh):
            future = self._executor.submit(self._run, batch)
            self._futures.update((program.name, future) for program in batch)

    def outcome(self, program: Program) -> Outcome:
        """What the child of this program came to; one that its batch never reached is run alone now."""
        self.expect([program])
        outcome = self._futures[program.name].result()
        if program.kind not in ("halt", "stain"):
            return outcome
        runs = outcome.report.get("runs", [])
        mine = [run for run in runs if run["name"] == program.name]
        alone = not program.batch
        if not mine and not alone:
            outcome = self._run([program])
            mine = outcome.report.get("runs", [])
        return replace(outcome, report=mine[0] if mine else {})

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)
        while not self._zygotes.empty():
            self._zygotes.get().close()

    def _run(self, programs: Sequence[Program]) -> Outcome:
        if programs[0].kind == "memory":  # what the host's preparation takes is part of what is measured
            return run_child(arguments_of(programs))
        try:
            zygote = self._zygotes.get_nowait()
        except Empty:
            zygote = Zygote()
        try:
            return run_child(arguments_of(programs), zygote=zygote)
        finally:
            self._zygotes.put(zygote)


def batches(programs: Iterable[Program]) -> list[list[Program]]:
    """The programs in the order they came, those of one batch together, `BATCH_SIZE` at most."""
    found: list[list[Program]] = []
    for program in programs:
        last = found[-1] if found else []
        if program.batch and last and last[-1].batch == program.batch and len(last) < BATCH_SIZE:
            last.append(program)
        else:
            found.append([program])
    return found


def arguments_of(programs: Sequence[Program]) -> list[str]:
    """What to tell ``child.py``."""
    paths = [str(program.path) for program in programs]
    if programs[0].kind == "contain":
        return ["contain", "quiet", *paths]
    return [programs[0].kind, *paths]


def check_exit(outcome: Outcome, *, stderr_any: bool = False) -> None:
    """The process reported, said nothing else, and ended by itself, cleanly and in time."""
    assert outcome.status is not None, f"had to be killed after {HARD_TIMEOUT} s: {outcome.explain()}"
    assert outcome.status == 0, outcome.explain()
    assert outcome.report, outcome.explain()
    if not stderr_any:
        assert not outcome.stderr, outcome.explain()
    assert outcome.exit_seconds <= EXIT_WITHIN, f"{outcome.exit_seconds:.2f} s from close to exit"


def check_code(program: Program, code: str, error: str) -> None:
    assert code in program.expect, (
        f"{program.what}: expected {' or '.join(sorted(program.expect))}, got {code} {error}"
    )
