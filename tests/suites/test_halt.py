"""Endless programs: each ends at its deadline, and the same worker serves the next run right."""

from __future__ import annotations

import pytest
from harness import Ahead, check_code, check_exit
from programs import Program, load_all

# One program in a child of its own on a busy machine; the figures that are promised are taken in all_in_one.py.
LATENESS_MS = 2000.0

PROGRAMS = load_all("halt")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_halt(program: Program, ahead: Ahead) -> None:
    # GIVEN an enclave of one worker WHEN it runs an endless program
    outcome = ahead.outcome(program)
    # THEN the run ends with its code, in time, the worker is whole, and the process ends cleanly
    check_exit(outcome, stderr_any=program.stderr_any)
    report = outcome.report
    check_code(program, report["code"], report["error"])
    assert report["next_value"] == 45, outcome.explain()
    assert report["same_worker"], f"another worker served the next run: {outcome.explain()}"
    assert report["condemned"] == 0, outcome.explain()
    if report["lateness_ms"] is not None:
        assert report["lateness_ms"] <= LATENESS_MS, outcome.explain()


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= 80
