"""Drives a property with hypothesis, for a number of examples or for some minutes, in the process of a fuzzer.

A fuzzer is a program of its own: ``python FUZZER SECONDS SEED LAST``.  With SECONDS of 0 it takes a short, fixed number
of examples.  What it is about to try is written to the file LAST, so that a death of the process has its example too.
A finding is an AssertionError with the smallest example that hypothesis comes to, and exit status 1.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

SHORT, ROUND = 60, 400  # examples of a property: in the short form, and in a round of the long one
PHASES = (Phase.generate, Phase.shrink)


class Last:
    """The file that says what is being tried."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("w", encoding="utf-8")  # noqa: SIM115 - open for as long as the process lives

    def note(self, text: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text.encode("utf-8", "backslashreplace").decode())
        self._file.flush()


type Property = tuple[Callable[[Any], None], st.SearchStrategy[Any]]


class Trial:
    """One property and how often it was tried."""

    def __init__(
        self, name: str, check: Callable[[Any], None], strategy: st.SearchStrategy[Any], last: Last
    ) -> None:
        self.name = name
        self.count = 0
        self._check = check
        self._strategy = strategy
        self._last = last

    def round(self, examples: int, number: int) -> None:
        """So many examples; those of one number are always the same."""

        def attempt(example: Any) -> None:
            self._last.note(f"{self.name}: {example!r}")
            self.count += 1
            self._check(example)

        options = settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        seed(number)(options(given(self._strategy)(attempt)))()


def hammer(properties: Mapping[str, Property], seconds: float, number: int, last: Last) -> None:
    """All properties in turn, until the time is over; in the short form each of them once."""
    end = time.monotonic() + seconds
    trials = [Trial(name, check, strategy, last) for name, (check, strategy) in properties.items()]
    while True:
        for trial in trials:
            trial.round(ROUND if seconds else SHORT, number)
        number += 1
        if time.monotonic() >= end:
            break
    print(", ".join(f"{trial.name}: {trial.count}" for trial in trials), flush=True)
