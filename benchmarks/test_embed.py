"""Scripts run by a C program through libenclave.so, beside the same scripts run by Python.

Two processes, each with one worker, take turns of some hundred runs each, so that both see the same machine.
ENCLAVE_EMBED_RUNS says how many scripts each is to run in all (100,000 with a tool).
"""

from __future__ import annotations

import operator
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from benchmarks._measure import ROOT

RUNS: Final = int(os.environ.get("ENCLAVE_EMBED_RUNS", "100000"))
TURN: Final = 250
MOST: Final = 1.2  # of what Python takes

PYTHON: Final = """
import sys, time
from dataclasses import replace
from enclave_subinterp import Enclave, WorkerPoolPresets
config = replace(WorkerPoolPresets.STANDARD, min_workers=1, max_workers=1, max_executions_per_worker=10**9)
script = sys.argv[1]
tools = {"add": lambda a, b: a + b}
with Enclave(worker_pool_config=config, tool_handler=lambda name, arguments: tools[name](**arguments)) as enclave:
    for line in sys.stdin:
        begun = time.monotonic()
        for _ in range(int(line)):
            result = enclave.run(script)
            assert result.success, result.error
        print(time.monotonic() - begun, flush=True)
"""

SCRIPTS: Final = {
    "tool": ("call_tool('add', {'a': 2, 'b': 3}) * 2", 1.0),
    "sum": ("1 + 1", 0.2),
    "a hundred items": ("[{'id': i, 'name': 'item', 'price': i / 8} for i in range(25)]", 0.1),
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from enclave_subinterp.embed.build import build, flags

    folder = tmp_path_factory.mktemp("embed")
    build(folder)
    made = folder / "loop"
    command = ["cc", "-O2", str(ROOT / "examples" / "embed" / "loop.c"), "-o", str(made), *flags(folder)]
    subprocess.run(command, check=True)
    return made


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SCRIPTS)
def test_of_c_and_of_python(name: str, program: Path, benchmark: Any) -> None:
    script, part = SCRIPTS[name]
    commands = {"C": [str(program), script], "Python": [sys.executable, "-c", PYTHON, script]}
    pipe = subprocess.PIPE
    children = {
        way: subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        for way, command in commands.items()
    }
    seconds: dict[str, list[float]] = {way: [] for way in children}

    def turn(way: str, runs: int) -> float:
        child = children[way]
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{runs}\n")
        child.stdin.flush()
        return float(child.stdout.readline())

    def all_of_them() -> None:
        for number in range(int(RUNS * part) // TURN):
            for way in ("C", "Python") if number % 2 else ("Python", "C"):
                seconds[way].append(turn(way, TURN))

    try:
        for way in children:
            turn(way, TURN)  # the first ones find a cold process
        benchmark.pedantic(all_of_them, rounds=1)
    finally:
        for child in children.values():
            assert child.stdin is not None
            child.stdin.close()
            child.wait()
            assert child.stdout is not None
            child.stdout.close()
    of_one = {way: 1e6 * statistics.median(found) / TURN for way, found in seconds.items()}
    whole = sum(seconds["C"]) / sum(seconds["Python"])
    # Of two turns that follow each other, so that what else the machine does falls on both.
    ratio = statistics.median(map(operator.truediv, seconds["C"], seconds["Python"]))
    benchmark.extra_info.update({f"{way}: µs a script": round(us, 1) for way, us in of_one.items()})
    benchmark.extra_info.update(
        {"C / Python, by turns": round(ratio, 3), "C / Python, in all": round(whole, 3)}
    )
    print(
        f"\n{name}: C {of_one['C']:.1f} µs, Python {of_one['Python']:.1f} µs, {ratio:.3f}; in all {whole:.3f}"
    )
    assert ratio <= MOST
