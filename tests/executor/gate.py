"""A gate that tasks of any executor stand at: two named pipes, so that nobody has to sleep and look.

The task's side is in `tasks.py`.
"""

from __future__ import annotations

import os
import select
from pathlib import Path
from typing import Self

TIMEOUT = 60


class Gate:
    """Tasks say that they have come and wait; the test waits for them and lets them through, each once."""

    def __init__(self, folder: Path, name: str = "gate") -> None:
        self.paths = (str(folder / f"{name}-come"), str(folder / f"{name}-through"))
        self._ends = []
        for path in self.paths:
            os.mkfifo(path)
            self._ends.append(os.open(path, os.O_RDWR))

    def wait(self, tasks: int = 1) -> None:
        """Until so many have come that were not waited for yet."""
        while tasks:
            ready, _, _ = select.select([self._ends[0]], [], [], TIMEOUT)
            assert ready, f"{tasks} tasks did not come to the gate within {TIMEOUT} s"
            tasks -= len(os.read(self._ends[0], tasks))

    def empty(self) -> bool:
        """Nobody has come that was not waited for yet."""
        return not select.select([self._ends[0]], [], [], 0)[0]

    def open(self, tasks: int = 1) -> None:
        """Let so many through, who may still be to come."""
        os.write(self._ends[1], b"." * tasks)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        for path, end in zip(self.paths, self._ends, strict=True):
            Path(path).unlink()
            os.close(end)  # lets through whoever is left there
