"""Programs that change what a later run could see: the later run finds an interpreter as new all the same."""

from __future__ import annotations

import pytest
from harness import Ahead, check_exit
from programs import Program, load_all

PROGRAMS = load_all("stain")


def system_layer() -> bool:
    """Whether workers have a working directory, descriptors and so on of their own."""
    from enclave_subinterp import capabilities

    return bool(capabilities().seccomp)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_stain(program: Program, ahead: Ahead) -> None:
    # GIVEN a worker whose interpreter is as new, as the verifying program says
    outcome = ahead.outcome(program)
    check_exit(outcome)
    steps = outcome.report["steps"]
    assert [step["step"] for step in steps if step["step"].startswith("verify")] == [
        "verify before",
        "verify after the stain",
        "verify after the halt",
    ]
    # WHEN it is stained, once with a normal end and once until it is halted
    assert steps[1]["code"] == "SUCCESS", f"the stain itself failed: {outcome.explain()}"
    assert steps[3]["code"] == "TIMEOUT", f"the stain was not halted: {outcome.explain()}"
    # THEN the verifying program finds nothing, in the same worker, and nothing of the stain's text comes out
    assert outcome.report["same_worker"], outcome.explain()
    assert outcome.report["condemned"] == 0, outcome.explain()
    for step in (steps[0], steps[2], steps[4]):
        assert step["code"] == "SUCCESS", f"{step['step']}: {outcome.explain()}"
        assert isinstance(step["value"], bool), outcome.explain()
        if program.layer != "process" or system_layer():
            assert step["value"] is True, f"{step['step']}: stained. {outcome.explain()}"
        assert not step["said"], f"{step['step']}: {outcome.explain()}"


def test_there_are_enough_programs() -> None:
    assert len([program for program in PROGRAMS if program.layer != "process"]) >= 40
