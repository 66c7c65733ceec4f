"""What is done in every way: functions for the pools, the same as scripts; workers import this file."""

from __future__ import annotations

from typing import Any, Final


def tiny(number: int) -> int:
    """Next to nothing."""
    return number + number


def echo(data: Any) -> Any:
    """There and back."""
    return data


def count(turns: int) -> int:
    """A processor's work."""
    total = 0
    for number in range(turns):
        total += number & 3
    return total


# The same, with the argument in `x`; `tiny` is the contract's smallest script.
SCRIPTS: Final = {
    "tiny": "1+1",
    "echo": "x",
    "count": """
def count(turns):
    total = 0
    for number in range(turns):
        total += number & 3
    return total

count(x)
""",
}
ITEMS: Final = {"rows": [{"id": i, "name": f"row {i}", "at": [i, i / 2]} for i in range(200)]}  # a thousand
