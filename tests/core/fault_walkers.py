"""Has the walks of fault_walk.py made by children, several at once, and tells how far they are."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from slots import PRELUDE

WALKING = """
import functools
from fault_walk import Walk, walk_slot
kind, step, share, worker, workers = sys.argv[1], *map(int, sys.argv[2:])
walk = Walk(step, share, worker, workers, functools.partial(report, kind="progress"))
match kind:
    case "slot":
        walk_slot(walk)
    case "guarded slot":
        walk_slot(walk, sandbox=True, policy=True)
    case "pool":
        from fault_walk_pool import walk_pool
        walk_pool(walk)
report(kind="end", injected=walk.injected, lives=walk.lives, missed=walk.missed, names=walk.names, broken=walk.broken)
"""
EXIT = 10.0  # seconds that a process may take to end after all

Tell = Callable[[str], None]


@dataclass
class Walked:
    """What the walks of one kind came to."""

    injected: int = 0  # faults
    lives: int = 0
    missed: int = 0  # faults that no life came to, though a longer one had them
    seconds: float = 0.0
    names: Counter[str] = field(default_factory=Counter)  # of the calls that failed
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        findings = f"{len(self.broken)} findings" if self.broken else "no findings"
        return f"{self.injected} faults in {self.lives} lives, {self.seconds:.0f} s, {findings}"


def walk(
    kind: str, step: int, share: int, workers: int = 1, *, timeout: float, tell: Tell | None = None
) -> Walked:
    """Walk, on so many processes; `tell` is told of the progress of each."""
    begun = time.monotonic()
    walked = Walked()
    with ThreadPoolExecutor(workers) as threads:
        for said in threads.map(
            lambda worker: _follow(kind, (step, share, worker, workers), timeout, tell), range(workers)
        ):
            walked.injected += said["injected"]
            walked.lives += said["lives"]
            walked.missed += said["missed"]
            walked.names.update(said["names"])
            walked.broken += said["broken"]
    walked.seconds = time.monotonic() - begun
    return walked


def _follow(
    kind: str, arguments: tuple[int, int, int, int], timeout: float, tell: Tell | None
) -> Mapping[str, Any]:
    """What one child said at its end; without that, or without an end, an AssertionError."""
    _, _, worker, workers = arguments
    command = [sys.executable, "-I", "-c", PRELUDE + WALKING, kind, *map(str, arguments)]
    said: dict[str, Any] = {}
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as child,
    ):
        limit = threading.Timer(timeout, child.kill)
        limit.start()
        try:
            for said in _reports(child):
                if said["kind"] == "progress" and tell is not None:
                    part = f" {worker + 1}/{workers}" if workers > 1 else ""
                    tell(f"{kind}{part}, {_progress(said)}")
            try:
                status: int | None = child.wait(EXIT)
            except subprocess.TimeoutExpired:
                child.kill()
                status = None
        finally:
            limit.cancel()
        errors.seek(0)
        told = errors.read()
    assert (status, told) == (0, ""), f"{kind}: exit status {status} after {said}\n{told}"
    assert said["kind"] == "end", said
    return said


def _reports(child: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert child.stdout is not None
    for line in child.stdout:
        yield json.loads(line)


def _progress(said: Mapping[str, Any]) -> str:
    findings = "".join(f"\n  FOUND {finding}" for finding in said["found"])
    return (
        f"{said['walk']}: {said['n']} of {said['calls']}, {said['seconds']:.0f} s, {said['injected']} faults, "
        f"{said['findings'] or 'no'} findings{findings}"
    )
