"""Starts the children of the selected hostile programs ahead of their tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import Ahead
from programs import Program


@pytest.fixture(scope="module")
def ahead(request: pytest.FixtureRequest) -> Iterator[Ahead]:
    """The children of this module's selected tests, running two at a time."""
    runner = Ahead()
    chosen: list[Program] = []
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.path == request.path and hasattr(item, "callspec"):
            program = item.callspec.params.get("program")
            if isinstance(program, Program) and "ahead" in item.fixturenames:
                chosen.append(program)
    runner.expect(chosen)
    yield runner
    runner.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that wait for a child that was queued behind others must not count that time as their own."""
    for item in items:
        if "ahead" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(600))
