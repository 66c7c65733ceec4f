"""From the wish to end a script to the answer in the caller's hands, over five kinds of endless program.

After each kill the worker is rewound, and serves the next script right.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import pytest

from benchmarks import _measure

if TYPE_CHECKING:
    from enclave_subinterp._native import Slot

PROGRAMS: Final = {
    "loop": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "loop in C": "import itertools\nsum(itertools.repeat(1))",
    "sleep": "import time\ntime.sleep(3600)",
    "regex": "import re\nre.match('(a*)*b', 'a' * 40)",
    "lock": "import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\nlock.acquire()",
}
ROUNDS: Final = 60
UNDER_WAY: Final = 0.003  # seconds after which a program is where it stays


class Running:
    """A slot in which a program is made to run endlessly, again and again."""

    def __init__(self, slot: Slot, program: str) -> None:
        self.slot = slot
        self.run_id = 0
        self._request = _measure.encode_script(program)
        self._next = _measure.encode_script("sum(range(10))")
        self._pause = threading.Event()

    def begin(self) -> None:
        """Let the program get to where it stays."""
        self.run_id = self.slot.start(self._request)
        _measure.until(self.slot, _measure.RUNNING)
        self._pause.wait(UNDER_WAY)

    def kill(self) -> None:
        """End it and wait for the answer."""
        from enclave_subinterp import _native

        assert self.slot.halt(self.run_id, _native.HALT_ABORTED)
        assert _measure.take_done(self.slot).outcome == _native.OUTCOME_HALTED

    def kill_and_serve(self) -> None:
        """The same, and the next script's answer."""
        self.kill()
        assert _measure.run(self.slot, self._next) == 45


@pytest.mark.parametrize("program", PROGRAMS)
def test_kill_to_answer(benchmark: Any, program: str) -> None:
    benchmark.group = "kill to the answer"
    with _measure.ready_slot() as slot:
        running = Running(slot, PROGRAMS[program])
        benchmark.pedantic(running.kill, setup=running.begin, rounds=ROUNDS, warmup_rounds=3)


@pytest.mark.parametrize("program", PROGRAMS)
def test_kill_to_next_answer(benchmark: Any, program: str) -> None:
    benchmark.group = "kill to the next script's answer, same worker"
    with _measure.ready_slot() as slot:
        running = Running(slot, PROGRAMS[program])
        benchmark.pedantic(running.kill_and_serve, setup=running.begin, rounds=ROUNDS, warmup_rounds=3)
