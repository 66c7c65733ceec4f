"""What the accounting costs pure-Python code: a slot against the same CPython's plain isolated subinterpreter.

Four child processes run the same workloads in turn:

plain     never loads the core; its interpreter has the modules that a slot's has, on a thread with as large a stack
again     another of the same kind: how far it is from the first is what these figures cannot tell apart
kept      a slot whose state is kept: it differs from plain in its memory and in nothing that is done between runs
pristine  a slot that is rewound after every run

Each starts a measurement with a collection, so that the collector runs at the same places in all of them, goes
through the workload twice and takes its thread's processor time for four times more: pymalloc hands out its pools in
an order that turns round from one time to the next, which alone makes a time three per cent dearer and the next one
cheaper.  What a rewind makes the first time dearer (pages that are read, written and cleared anew) is no cost of
accounting; it is shown in a column of its own, as a ratio to plain's mean time.

Where things lie in memory is worth some per cent either way, and a slot's range begins at the same place each time.
So layouts are drawn by lot: of the addresses of each child, of the order of the workloads in each round, and of blocks
that are held and calls that are under way while a workload is measured, the same for all four.  What is left of it
shows where instructions are as many on both sides and the time is not: they are counted too, by callgrind.

A set's figure is its rounds' median ratio, both sides of which were taken one after the other on the same processor.
Of the sets' figures the middle is taken, and sets are added until it is known to a per cent.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from benchmarks import _measure

ARMS: Final = ("plain", "again", "kept", "pristine")
CLAIMED: Final = ("kept", "pristine")
ROUNDS: Final = 4
MIN_SETS: Final = 6
MAX_SETS: Final = 60
CLAIM: Final = 1.02
PRECISION: Final = 0.01

WORKLOADS: Final = {
    "objects": """
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
def work():
    total = 0
    for i in range(60_000):
        total += Point(i, i + 1).x
    return total
""",
    "dicts": """
def work():
    d = {}
    for i in range(40_000):
        d[i] = str(i)
    return sum(len(d[i]) for i in range(40_000)) + len({v: k for k, v in d.items()})
""",
    "lists": """
def work():
    rows = [[i, i + 1, i + 2] for i in range(15_000)]
    rows.sort(key=lambda row: -row[1])
    return sum(a * b - c for a, b, c in rows) + len([x for row in rows for x in row])
""",
    "strings": """
def work():
    words = []
    for i in range(12_000):
        words.append(f"{i:05d}-{i * 7 % 13}".upper().replace("-", "_"))
    return len(" ".join(words).split("_"))
""",
    "big lists": """
def work():
    total = 0
    for i in range(12):
        big = [0] * 100_000
        big.extend(range(50_000))
        big = big[::-1] + big
        total += len(big)
    return total
""",
    "recursion": """
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def work():
    return fib(21)
""",
    "deep recursion": """
def down(n):
    return 0 if n == 0 else 1 + down(n - 1)
def work():
    return sum(down(700) for _ in range(40))
""",
    "blocks": """
def work():
    kept = [b""] * 64
    for i in range(40_000):
        kept[i * 7 % 64] = bytes(600 + i * 37 % 6000)
    return len(kept)
""",
    "growth": """
def work():
    total = 0
    for i in range(120):
        row = []
        for k in range(1_000):
            row.append(k)
        table = {k: i for k in range(400)}
        total += len(row) + len(table)
    return total
""",
    "big numbers": """
def work():
    total, number = 0, 3 ** 4_000
    for i in range(3_000):
        total ^= number + i
    return total
""",
    "n-body": """
def work():
    bodies = [[float(i), i * 0.5, 1.0 / (i + 1), 0.0, 0.0, 0.0, 1.0 + i] for i in range(5)]
    for _ in range(900):
        for i, a in enumerate(bodies):
            for b in bodies[i + 1:]:
                dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
                mag = 0.001 / (dx * dx + dy * dy + dz * dz + 0.01) ** 1.5
                for k, d in ((3, dx), (4, dy), (5, dz)):
                    a[k] -= d * b[6] * mag
                    b[k] += d * a[6] * mag
        for body in bodies:
            for k in range(3):
                body[k] += 0.001 * body[k + 3]
    return bodies[0][0]
""",
}

MEASURED: Final = """
import gc, time
def measured():
    gc.collect()
    return descend(depth)
def descend(levels):
    return next(map(descend, (levels - 1,))) if levels else timed()
def timed():
    times = [time.thread_time_ns()]
    for _ in range(6):
        work()
        times.append(time.thread_time_ns())
    return times[1] - times[0], times[6] - times[2]
"""
CALL: Final = "measured()"


def main_slot(*, pristine: bool) -> None:
    """The child with the hooks."""
    with _measure.ready_slot(memory_limit=512 * _measure.MB, pristine=pristine) as slot:
        _measure.serve(lambda script: _measure.run(slot, _measure.encode_script(script)))


def main_plain() -> None:
    """The child without: the same modules, the same frozen heap, the same kind of thread."""
    threading.stack_size(16 * _measure.MB)  # as a slot's
    thread = threading.Thread(target=_serve_plain)
    thread.start()
    thread.join()


def _serve_plain() -> None:
    plain = _measure.Plain()
    read, write = os.pipe()

    def answer(question: Any) -> object:
        if isinstance(question, list):
            plain.exec(f"{_measure.import_script(question)}import gc, os\ngc.collect()\ngc.freeze()")
            return None
        script = question.removesuffix(CALL)
        plain.exec(
            f"space = {{}}\nexec({script!r}, space)\nos.write({write}, repr(space['measured']()).encode())"
        )
        return [int(text) for text in os.read(read, 100).strip(b"()").split(b",")]

    _measure.serve(answer)
    sys.stdout.flush()
    # The end of an interpreter with so many modules is a "free(): invalid pointer" in CPython 3.12.1.
    os._exit(0)


class _Figures:
    """What the sets of children came to for one workload: each arm's ratio to plain, a figure a set."""

    def __init__(self) -> None:
        self.first: list[float] = []  # through a rewound interpreter, to plain's mean
        self.ratios: dict[str, list[float]] = {arm: [] for arm in ARMS[1:]}

    def add(self, rounds: list[dict[str, list[int]]]) -> None:
        """Take in the rounds of one set."""
        self.first.append(statistics.median(4 * taken["pristine"][0] / taken["plain"][1] for taken in rounds))
        for arm, ratios in self.ratios.items():
            ratios.append(statistics.median(taken[arm][1] / taken["plain"][1] for taken in rounds))

    def claimed(self) -> list[_measure.Ratio]:
        """The ratios that the claim is about."""
        return [_measure.middle_ratio(self.ratios[arm]) for arm in CLAIMED]

    def undecided(self) -> bool:
        """Are the figures too rough to say whether the claim holds?"""
        if len(self.first) < MIN_SETS:
            return True
        return any(
            ratio.low <= CLAIM < ratio.high and ratio.high - ratio.low > 2 * PRECISION
            for ratio in self.claimed()
        )

    def row(self, name: str) -> str:
        """A line of the table."""
        ratios = [str(_measure.middle_ratio(ratios)) for ratios in self.ratios.values()]
        return f"  {name:<14} {'  '.join(ratios)}  {statistics.median(self.first):.2f}  {len(self.first):4}"


def _measure_set(names: list[str], draw: random.Random) -> dict[str, list[dict[str, list[int]]]]:
    """One set of children; for each of the workloads its rounds."""
    rounds: dict[str, list[dict[str, list[int]]]] = {name: [] for name in names}
    with contextlib.ExitStack() as stack:
        arms = {arm: stack.enter_context(_measure.Child("test_accounting", arm)) for arm in ARMS}
        modules = arms["pristine"].ask("import sys; sorted(sys.modules)")
        for arm in ("plain", "again"):
            arms[arm].ask(modules)
        for _ in range(ROUNDS):
            for name in draw.sample(names, len(names)):
                held = [draw.randrange(4_000) for _ in range(draw.randrange(400))]
                layout = f"depth = {draw.randrange(16)}\nheld = [bytes(size) for size in {held}]"
                script = f"{layout}{WORKLOADS[name]}{MEASURED}{CALL}"
                order = draw.sample(ARMS, len(ARMS))
                rounds[name].append({arm: arms[arm].ask(script) for arm in order})
    return rounds


def _compare() -> dict[str, _Figures]:
    figures = {name: _Figures() for name in WORKLOADS}
    draw = random.Random(0)
    processors = sorted(os.sched_getaffinity(0))
    try:
        for number in range(MAX_SETS):
            names = [name for name, figure in figures.items() if figure.undecided()]
            if not names:
                break
            # All four on one processor, each set on the next: two processors are seldom equally fast at one time.
            os.sched_setaffinity(0, {processors[number % len(processors)]})
            for name, rounds in _measure_set(names, draw).items():
                figures[name].add(rounds)
    finally:
        os.sched_setaffinity(0, processors)
    return figures


@pytest.mark.timeout(900)
def test_accounting(capsys: pytest.CaptureFixture[str]) -> None:
    # GIVEN the same workloads with and without the hooks WHEN they are run in turn
    figures = _compare()
    rows = [figure.row(name) for name, figure in figures.items()]
    with capsys.disabled():
        print(
            "\n\nprocessor time to that of a plain subinterpreter (95 % between); first: after a rewind",
            f"  {'':<14} {'another plain one':<22}  {'slot, kept state':<22}  {'slot, rewound':<22}  first  sets",
            *rows,
            sep="\n",
        )
    # THEN the hooks cost no more than is claimed, and the figures are good enough to say so
    rough = [name for name, figure in figures.items() if figure.undecided()]
    assert not rough
    dearer = {
        name: [str(ratio) for ratio in figure.claimed()]
        for name, figure in figures.items()
        if any(ratio.value > CLAIM for ratio in figure.claimed())
    }
    assert not dearer


def _counted(arm: str) -> dict[str, int]:
    """The instructions of each workload in one kind of interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "counts")
        callgrind = [
            "valgrind",
            "-q",
            "--tool=callgrind",
            "--dump-before=getppid",
            f"--callgrind-out-file={out}",
        ]
        child = [sys.executable, "-m", "benchmarks.test_accounting", "count", arm]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        command = [*callgrind, *child]
        done = subprocess.run(
            command, cwd=_measure.ROOT, env=environment, stderr=subprocess.PIPE, text=True, check=False
        )
        assert done.returncode == 0, done.stderr  # else it is about system calls that valgrind does not know
        totals = []
        for number in range(2, 2 * len(WORKLOADS) + 1, 2):  # the odd ones are what is between
            text = Path(f"{out}.{number}").read_text()
            totals.append(int(text[text.index("\ntotals: ") :].split(maxsplit=2)[1]))
    return dict(zip(WORKLOADS, totals, strict=True))


def main_count(arm: str) -> None:
    """The child that is counted: each workload between two calls of getppid()."""
    with contextlib.ExitStack() as stack:
        if arm == "plain":
            run: Callable[[str], object] = _measure.Plain().exec
        else:
            slot = stack.enter_context(_measure.ready_slot(memory_limit=512 * _measure.MB, pristine=False))

            def run(source: str) -> object:
                return _measure.run(slot, _measure.encode_script(source))

        for source in WORKLOADS.values():
            run(f"{source}\nfor _ in range(3):\n    work()")
            os.getppid()
            run("work()")
            os.getppid()
        os._exit(0)


@pytest.mark.timeout(900)
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="instructions are counted with valgrind")
def test_instructions(capsys: pytest.CaptureFixture[str]) -> None:
    # GIVEN the same workloads with and without the hooks WHEN their instructions are counted
    plain, kept = _counted("plain"), _counted("kept")
    ratios = {name: kept[name] / count for name, count in plain.items()}
    with capsys.disabled():
        print("\n\ninstructions, to those in a plain subinterpreter")
        for name, ratio in ratios.items():
            print(f"  {name:<14} {ratio:.4f}")
    # THEN none of them takes more than is claimed
    assert max(ratios.values()) <= CLAIM


if __name__ == "__main__":
    if sys.argv[1] in ("plain", "again"):
        main_plain()
    elif sys.argv[1] == "count":
        main_count(sys.argv[2])
    else:
        main_slot(pristine=sys.argv[1] == "pristine")
