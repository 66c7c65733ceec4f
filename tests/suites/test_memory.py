"""Programs that take more than their 64 MB: each ends with its code, and the process never grows far beyond."""

from __future__ import annotations

import pytest
from child import MB, MEMORY_LIMIT
from harness import Ahead, check_code, check_exit
from programs import Program, load_all

MARGIN = 48 * MB  # above the limit and the process's start

PROGRAMS = load_all("memory")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_memory(program: Program, ahead: Ahead) -> None:
    # GIVEN a worker with a limit of 64 MB WHEN a program wants more
    outcome = ahead.outcome(program)
    # THEN the run ends with its code, the process stayed small, and the same worker serves on
    check_exit(outcome, stderr_any=program.stderr_any)
    report = outcome.report
    check_code(program, report["code"], report["error"])
    assert report["next_value"] == 45, outcome.explain()
    assert report["same_worker"], f"another worker served the next run: {outcome.explain()}"
    assert report["condemned"] == 0, outcome.explain()
    assert report["grown"] <= MEMORY_LIMIT["memory"] + MARGIN, f"grew by {report['grown'] / MB:.0f} MB"
    if report["code"] == "MEMORY_LIMIT_EXCEEDED":
        assert report["peak"] <= MEMORY_LIMIT["memory"] + MB, outcome.explain()


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= 40
    assert sum("catching" in program.name for program in PROGRAMS) >= 13
