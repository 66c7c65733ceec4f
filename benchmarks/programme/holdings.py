"""Sections on memory: what an idle worker holds, what it gives back, what grows; and what accounting costs."""

from __future__ import annotations

import concurrent.futures
import math
import multiprocessing
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks import _measure, test_accounting, test_memory
from benchmarks.programme import tasks, ways

# --- What a worker holds --------------------------------------------------------------------------------------------

BIG: Final = 100  # MB that the big run takes
PROCESSES: Final = 4


def memory(seconds: float, quick: bool) -> dict[str, Any]:
    """Resident bytes of an idle worker, a bare subinterpreter, a worker process; and after a big run."""
    with _measure.Child("test_memory", "slots") as slots, _measure.Child("test_memory", "plain") as plain:
        modules = slots.ask("modules")
        rows = {
            "worker, started": slots.ask("fresh"),
            "worker, after a run and its rewind": slots.ask("used"),
            "bare subinterpreter, the same modules": plain.ask(modules),
        }
    for method in ("fork", "spawn"):
        rows[f"process, {method}: private memory"] = _process_bytes(method)
    with _measure.Child("programme.holdings", "big") as child:
        big = child.ask(BIG)
    return {"bytes": rows, "modules": len(modules), "big": big}


def _process_bytes(method: str) -> int:
    """Private pages of a worker of ProcessPoolExecutor that has the modules a task needs."""
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        for future in [pool.submit(tasks.count, 50_000) for _ in range(4 * PROCESSES)]:
            future.result()
        private = []
        for pid in list(pool._processes or ()):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            private.append(
                sum(int(kb) for kb in re.findall(r"^Private_\w+:\s+(\d+) kB$", text, re.MULTILINE))
            )
    return int(statistics.median(private)) * 1024


def _main_big() -> None:
    """The child: bytes that it holds before a big run, the run's peak, and bytes when the worker is idle again."""
    with ways.enclave(1, pristine=True) as made:
        slot = ways.idle_slot(made)

        def idle() -> int:
            _measure.until(slot, _measure.IDLE)
            return test_memory.held_bytes()

        def answer(megabytes: int) -> dict[str, int]:
            for _ in range(5):
                made.run("1+1").unwrap()
            before = idle()
            result = made.run(f"x = [b'x' * (1 << 20) for _ in range({megabytes})]\nlen(x)")
            assert result.unwrap() == megabytes
            return {"before": before, "peak": result.stats.peak_memory, "after": idle()}

        _measure.serve(answer)


# --- What grows -----------------------------------------------------------------------------------------------------

GROWTH: Final = {"run": 10_000, "kill": 1_000, "recycle": 1_000}


def growth(seconds: float, quick: bool) -> dict[str, Any]:
    """Bytes by which the process has grown after so many, a piece; each kind in a process of its own."""
    rows = {}
    for kind, times in GROWTH.items():
        with _measure.Child("programme.holdings", "growth") as child:
            rows[kind] = child.ask([kind, times // 20 if quick else times, 2 * seconds])
    return {"rows": rows}


def _main_growth() -> None:
    def answer(question: Any) -> dict[str, float]:
        kind, wanted, seconds = question
        with ways.enclave(1, pristine=True, timeout=600.0) as made:
            once = _once(kind, made)
            for _ in range(max(wanted // 3, 20)):  # what comes once
                once()
            before = _resident()
            begun = time.monotonic()
            times, took = 0, 0.0
            while times < wanted and took < seconds:
                once()
                times += 1
                took = time.monotonic() - begun
            return {"bytes": max(0, _resident() - before) / times, "times": times, "seconds": took}

    _measure.serve(answer)


def _once(kind: str, made: Any) -> Callable[[], None]:
    def run() -> None:
        assert made.run("sum(range(100))").unwrap() == 4950

    def kill() -> None:
        assert made.run("while True: pass", timeout=0.001).error.code == "TIMEOUT"

    def recycle() -> None:
        slot = _measure.make_slot()
        _measure.run(slot, _measure.encode_script("1+1"))
        assert slot.close(10.0)

    return {"run": run, "kill": kill, "recycle": recycle}[kind]


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


# --- Accounting -----------------------------------------------------------------------------------------------------

# Of the workloads of test_accounting, those that allocate most, and one that does not.
WORKLOADS: Final = ("objects", "lists", "strings", "recursion")


def accounting(seconds: float, quick: bool) -> dict[str, Any]:
    """Processor time of pure Python in a slot to that in a bare subinterpreter; see test_accounting."""
    names = list(WORKLOADS[:2] if quick else WORKLOADS)
    figures = {name: test_accounting._Figures() for name in names}
    draw = random.Random(0)
    begun = time.monotonic()
    sets, wanted = 0, 1 if quick else test_accounting.MIN_SETS
    took = 0.0
    # On a busy machine there are fewer; the table says how many there were.
    while took < seconds or (sets < wanted and took < 2.5 * seconds):
        for name, rounds in test_accounting._measure_set(names, draw).items():
            figures[name].add(rounds)
        sets += 1
        took = time.monotonic() - begun
    rows: dict[str, Any] = {}
    for arm in ("again", "kept", "pristine"):
        rows[arm] = {name: _ratio(figure.ratios[arm]) for name, figure in figures.items()}
        together = [
            math.exp(statistics.fmean(math.log(figure.ratios[arm][number]) for figure in figures.values()))
            for number in range(sets)
        ]
        rows[arm]["all of them"] = _ratio(together)
    return {"rows": rows, "sets": sets}


def _ratio(ratios: list[float]) -> dict[str, float]:
    if len(ratios) < test_accounting.MIN_SETS:
        return {"value": statistics.median(ratios), "low": min(ratios), "high": max(ratios)}
    found = _measure.middle_ratio(ratios)
    return {"value": found.value, "low": found.low, "high": found.high}


if __name__ == "__main__":
    {"big": _main_big, "growth": _main_growth}[sys.argv[1]]()
