"""Ways out of the sandbox: each gets out of plain CPython, and none out of an enclave."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from escapes import LEVELS, Escape, load_all
from sandbox import Runs

PROGRAMS = load_all()
CASES = [
    pytest.param(level, program, id=f"{level}-{program.name}")
    for level in LEVELS
    for program in PROGRAMS
    if level in program.levels
]

# A test that comes first waits for the children to start, and the last for its turn in them.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest) -> Iterator[Runs]:
    """The programs of the selected tests, in the places where those look at them."""
    wanted: dict[str, dict[str, Escape]] = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.path == request.path and hasattr(item, "callspec"):
            place = item.callspec.params.get("level", "plain")
            program = item.callspec.params.get("program")
            few = [program] if program else [p for p in PROGRAMS if place in p.levels]
            wanted.setdefault(place, {}).update((p.name, p) for p in few)
    with Runs({place: list(programs.values()) for place, programs in wanted.items()}) as running:
        yield running


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_gets_out_of_plain_python(program: Escape, runs: Runs) -> None:
    # GIVEN CPython without this package WHEN a program tries its way out THEN it has its proof
    verdict = runs.verdict("plain", program)
    assert verdict.escaped, f"{program.what}: proves nothing: {verdict.how}"


@pytest.mark.parametrize(("level", "program"), CASES)
def test_is_stopped(level: str, program: Escape, runs: Runs) -> None:
    # GIVEN an enclave of that level WHEN a program tries its way out
    verdict = runs.verdict(level, program)
    # THEN it has nothing to show for it, and no worker was lost
    assert not verdict.escaped, f"{program.what}: escaped: {verdict.how}"
    assert verdict.condemned == 0, verdict.how


@pytest.mark.parametrize("level", LEVELS)
def test_host_ends_well(level: str, runs: Runs) -> None:
    # GIVEN a host that has run the programs WHEN it closes its enclave THEN it ends, and with status 0
    assert not runs.end(level)


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= 260
