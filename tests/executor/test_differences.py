"""The list of differences is about tests that there are."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.executor import differences, kinds

TESTS = {
    name
    for path in Path(__file__).parent.glob("test_*.py")
    for name in vars(importlib.import_module(f"tests.executor.{path.stem}"))
    if name.startswith("test_")
}


@pytest.mark.parametrize("difference", differences.DIFFERENCES, ids=lambda difference: difference.reason)
def test_names_what_there_is(difference: differences.Difference) -> None:
    assert difference.executor in kinds.NAMES
    for name in difference.tests:
        assert name.partition("[")[0] in TESTS
