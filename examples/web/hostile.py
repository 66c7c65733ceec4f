"""What hostile tenants send, and what each of them may be answered, by class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .requests import MAX_BODY

SHORT = 0.3  # seconds


@dataclass(frozen=True, slots=True)
class Hostile:
    """One kind of harm: `codes` are the answers that are right, for the classes where it can be done.

    It has so many `seconds`, or what its class has; one that `leaves` goes as soon as the script has written something.
    """

    name: str
    code: str
    codes: Mapping[str, tuple[str, ...]]
    seconds: float | None = None
    leaves: bool = False


def _all(*codes: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(("free", "plus", "own"), codes)


_COUNTED = {"free": ("MAX_ITERATIONS",), "plus": ("MAX_ITERATIONS",)}

HOSTILE = (
    Hostile("loop in C", "sum(iter(int, 1))", _all("TIMEOUT"), SHORT),
    Hostile("loop", "for _ in iter(int, 1):\n    pass", _all("TIMEOUT") | _COUNTED, SHORT),
    Hostile(
        "loop that catches all",
        "for _ in iter(int, 1):\n    try:\n        sum(iter(int, 1))\n    except BaseException:\n        pass",
        _all("TIMEOUT"),
        SHORT,
    ),
    Hostile("memory at once", "x = [0] * 10**10", _all("MEMORY_LIMIT_EXCEEDED", "EXECUTION_ERROR")),
    Hostile(
        "memory by and by",
        "kept = [bytes(10**6) for _ in range(900)]",
        _all("MEMORY_LIMIT_EXCEEDED"),
    ),
    Hostile("large power", "len(str(9 ** 10**8))", _all("TIMEOUT", "MEMORY_LIMIT_EXCEEDED"), SHORT),
    Hostile("output", "for n in range(900):\n    print('x' * 2_000)", _all("OUTPUT_LIMIT")),
    Hostile(
        "tool calls",
        "for n in range(900):\n    call_tool('get', {'name': 'x'})",
        _all("MAX_TOOL_CALLS", "MESSAGE_FLOOD"),
    ),
    Hostile("large value", "'x' * 2_000_000", _all("MESSAGE_TOO_LARGE")),
    Hostile("recursion", "def f(n):\n    return f(n + 1)\nf(0)", _all("EXECUTION_ERROR")),
    Hostile("no source", "(" * 50_000, _all("VALIDATION_ERROR")),
    Hostile("large body", "#" * MAX_BODY, _all("TOO_LARGE")),
    Hostile("gone", "print('begun')\nsum(iter(int, 1))", _all(), leaves=True),
    Hostile(
        "refused source",
        "().__class__.__base__.__subclasses__()",
        _all("VALIDATION_ERROR") | {"own": ("RESULT_NOT_SERIALIZABLE", "VALIDATION_ERROR")},
    ),
    Hostile(
        "clock of the system",
        "import time\ntime.clock_settime(0, 0)",
        {"plus": ("SANDBOX_VIOLATION",), "own": ("SANDBOX_VIOLATION",)},
    ),
    Hostile("abort", "import os\nos.abort()", {"own": ("WORKER_CRASHED",)}),
    Hostile("exit", "import os\nos._exit(3)", {"own": ("SANDBOX_VIOLATION",)}),
    Hostile("signal", "import signal\nsignal.alarm(1)", {"own": ("SANDBOX_VIOLATION",)}),
)
