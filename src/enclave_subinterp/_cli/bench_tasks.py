"""What `enclave bench` has done in each way; a module of its own, for worker processes and interpreters import it."""

from __future__ import annotations

import signal

__all__ = ["TASKS", "compute", "echo", "leave_interruption", "tiny"]


def tiny(number: int) -> int:
    """Next to nothing: what is left is the way there and back."""
    return number + 1


def echo(data: object) -> object:
    """Data there and back."""
    return data


def compute(turns: int) -> int:
    """Some milliseconds of a processor."""
    total = 0
    for number in range(turns):
        total += number * number % 7
    return total


def leave_interruption() -> None:
    """Ctrl-C is for the command alone, which ends its worker processes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


# The same as scripts, whose argument is the variable `x`.
TASKS = {
    "tiny": "x + 1",
    "echo": "x",
    "compute": """
def compute(turns):
    total = 0
    for number in range(turns):
        total += number * number % 7
    return total

return compute(x)
""",
}
