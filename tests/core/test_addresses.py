"""Addresses and the hashes made of them: two runs of one worker draw different ones, as two processes would."""

from __future__ import annotations

import os
import subprocess
import sys

from slots import STUCK, make, run

DRAWN = """
class Plain: pass
class Slotted: __slots__ = ("x",)
def function(): pass
[hash(object()), hash(Plain()), hash(Slotted()), hash(Plain), hash(function), hash(lambda: 1), id([]), id({}),
 id((1, [])), id(set()), id(bytearray(3)), hash(Plain().__init__), id(3.5 * len("ab"))]
"""
RUNS = 40


def test_no_two_runs_in_a_row_draw_the_same() -> None:
    # GIVEN CPython's own allocator, which the sanitizers do without WHEN a worker runs the same script again and again
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONMALLOC"}
    done = subprocess.run(
        [sys.executable, __file__],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    # THEN no object has the address or the hash that it had in the run before
    assert done.returncode == 0, done.stderr


def main() -> None:
    slot = make()
    drawn = [run(slot, DRAWN).value for _ in range(RUNS)]
    for kind, values in enumerate(zip(*drawn, strict=True)):
        same = [n for n in range(1, RUNS) if values[n] == values[n - 1]]
        assert not same, f"kind {kind}: runs {same} drew what the one before had drawn"
        assert len(set(values)) >= 5, f"kind {kind}: {len(set(values))} different ones in {RUNS} runs"
    assert slot.close(STUCK)


if __name__ == "__main__":
    main()
