"""The way there and back of the smallest script, beside what the machine and the standard library take for theirs.

The floor is two threads of a C program that hand a token to and fro through a futex: asleep each time, or spinning for
a while before they sleep, as the core's own waits do.  A pair of pipes does the same between two processes.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

import pytest

from benchmarks import _measure
from benchmarks.programme import floors

PIPE_PAIR: Final = "import os\nwhile os.read(0, 1): os.write(1, b'x')"
TASK: Final = "1+1"


@pytest.fixture(autouse=True)
def _group(benchmark: Any) -> None:
    benchmark.group = "there and back"


def timed(benchmark: Any, call: Any, *args: Any) -> None:
    benchmark.pedantic(call, args=args, rounds=200, iterations=20, warmup_rounds=10)


@pytest.mark.parametrize("spins", [floors.ASLEEP, floors.SPINNING], ids=["asleep", "spinning"])
def test_futex_pair(benchmark: Any, spins: int) -> None:
    library = floors.load()
    library.pair_begin(spins)
    timed(benchmark, library.pair_turn)
    library.pair_end()


def test_pipe_pair(benchmark: Any) -> None:
    command = [sys.executable, "-I", "-S", "-c", PIPE_PAIR]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        to, back = other.stdin.fileno(), other.stdout.fileno()

        def turn() -> None:
            os.write(to, b"x")
            os.read(back, 1)

        timed(benchmark, turn)
        other.stdin.close()


@pytest.mark.parametrize("pristine", [True, False], ids=["pristine", "kept"])
def test_core(benchmark: Any, pristine: bool) -> None:
    """A slot driven by hand: what C and the guest's runtime take."""
    with _measure.ready_slot(pristine=pristine) as slot:
        timed(benchmark, _measure.run, slot, _measure.encode_script(TASK))


@pytest.mark.parametrize("pristine", [True, False], ids=["pristine", "kept"])
def test_enclave(benchmark: Any, pristine: bool) -> None:
    """The whole: pool, codec, result."""
    from enclave_subinterp import Enclave

    with Enclave(pristine=pristine) as enclave:
        assert enclave.run(TASK).unwrap() == 2
        timed(benchmark, enclave.run, TASK)


@pytest.fixture(params=["interpreters", "processes", "threads"])
def executor(request: pytest.FixtureRequest) -> Iterator[concurrent.futures.Executor]:
    pool: concurrent.futures.Executor
    if request.param == "interpreters":
        kind = getattr(concurrent.futures, "InterpreterPoolExecutor", None)
        if kind is None:
            pytest.skip("InterpreterPoolExecutor came with CPython 3.14")
        pool = kind(1)
    elif request.param == "processes":
        pool = concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
    else:
        pool = concurrent.futures.ThreadPoolExecutor(1)
    with pool:
        yield pool


def test_executor(benchmark: Any, executor: concurrent.futures.Executor) -> None:
    """The standard library's pools, a used interpreter each time."""

    def call() -> None:
        assert executor.submit(eval, TASK).result() == 2

    timed(benchmark, call)
