"""Guests that flood: each is stopped at its limit, and an honest guest beside it never notices."""

from __future__ import annotations

import pytest
from child import PENDING, RATE
from harness import Ahead, check_code, check_exit
from programs import Program, load_all

PROGRAMS = load_all("flood")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_flood(program: Program, ahead: Ahead) -> None:
    # GIVEN two guests of one host WHEN one of them floods it with messages
    outcome = ahead.outcome(program)
    # THEN that one ends with its code, the other and the next run are right, and the process ends cleanly
    check_exit(outcome, stderr_any=program.stderr_any)
    report = outcome.report
    check_code(program, report["code"], report["error"])
    assert report["beside"] == 5050, outcome.explain()
    assert report["next_value"] == 45, outcome.explain()
    assert report["condemned"] == 0, outcome.explain()
    assert report["recycles"] == 1, outcome.explain()
    # AND no more reached the host than one bucket, the seconds that the run may have taken, and what the last one cost
    most = RATE + RATE * program.timeout + 1
    assert report["served"] <= most, outcome.explain()
    if report["code"] == "MESSAGE_FLOOD":
        fewest = min(RATE, PENDING) + 1 if program.fewest is None else program.fewest
        assert fewest <= report["messages"] <= most, outcome.explain()


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= 20
