"""The explorer of `reach` tells the core from what only looks like it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLANTED = Path(__file__).resolve().parent / "planted.py"
LEVELS = ("STRICT", "STANDARD")


@pytest.fixture(scope="module")
def found() -> Any:
    """By level and program, in a process of its own: types stay unsealed in it."""
    done = subprocess.run(
        [sys.executable, "-P", "-s", str(PLANTED)], capture_output=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return json.loads(done.stdout)


@pytest.mark.parametrize("level", LEVELS)
def test_a_likeness_is_no_finding(level: str, found: Any) -> None:
    # GIVEN a module that a script has made, of the core's name WHEN it is judged THEN it is the script's own
    assert found[level]["likeness"] == []


@pytest.mark.parametrize("level", LEVELS)
def test_the_core_is_found(level: str, found: Any) -> None:
    # GIVEN types that lead into the runtime WHEN the core is judged THEN each way to it is a finding
    assert found[level]["core"] == [
        ["the runtime's namespace", "a namespace"],
        ["the core", "a module"],
        ["a function of the core", "its method"],
    ]
    assert found[level]["core under another name"] == [
        ["the core", "a module"],
        ["a function of the core", "its method"],
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_the_core_is_found_on_the_way(level: str, found: Any) -> None:
    # GIVEN the core in a class's attribute WHEN the crawl comes by that class THEN it and its functions are findings
    said = found[level]["core in a class, on the way"]
    assert said[0] == ["the core", "type.found_here"]
    assert ["a function of the core", "module.post"] in said
