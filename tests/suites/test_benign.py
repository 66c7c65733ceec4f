"""Honest programs: each gives in an enclave exactly the value, output and error that it gives in plain CPython."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
from benign import Benign, load_all
from harness import SUITES

PROGRAMS = load_all()
# With adapter "inline" what a module of the library writes, and a warning, goes to the host's own streams.
WRITTEN_BY_THE_LIBRARY = {"logging_to_stderr", "pprint_nested", "os_path_names"}
LEVELS = {
    "STANDARD": PROGRAMS,
    "STRICT": [program for program in PROGRAMS if program.strict],
    "inline": [program for program in PROGRAMS if program.name not in WRITTEN_BY_THE_LIBRARY],
}
CASES = [
    pytest.param(level, program, id=f"{level}-{program.name}")
    for level, programs in LEVELS.items()
    for program in programs
]
CHILD_TIMEOUT = 120.0  # seconds for all programs of one place

pytestmark = pytest.mark.timeout(300)


@cache
def children() -> dict[str, Future[dict[str, Any]]]:
    """What all programs came to, in plain CPython and at each level; a child process for each."""
    executor = ThreadPoolExecutor(3)
    places = {"plain": PROGRAMS, **LEVELS}
    found = {place: executor.submit(_child, place, programs) for place, programs in places.items()}
    executor.shutdown(wait=False)
    return found


def _child(place: str, programs: list[Benign]) -> dict[str, Any]:
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            str(SUITES / "benign_child.py"),
            place,
            *(program.name for program in programs),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=CHILD_TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, f"{place}: status {done.returncode}: {done.stderr.decode(errors='replace')}"
    assert not done.stderr, f"{place}: {done.stderr.decode(errors='replace')}"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("level", "program"), CASES)
def test_as_in_plain_python(level: str, program: Benign) -> None:
    # GIVEN what a program comes to in plain CPython WHEN an enclave runs it
    expected = children()["plain"].result()[program.name]
    found = children()[level].result()[program.name]
    # THEN it comes to the same
    assert found == expected, program.what


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= 160
    assert len(LEVELS["STRICT"]) >= 80
