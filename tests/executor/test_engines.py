"""Engines of others that take an executor: Dask, joblib, asyncio. The programs are those in examples/."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.executor import kinds

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LINE = "from enclave_subinterp import EnclaveExecutor\n"
LINES = {
    "process": "from concurrent.futures import ProcessPoolExecutor as EnclaveExecutor\n",
    "enclave": LINE,
}
EXTRA = "needs {}, which the extra `examples` brings; it is not installed here"


def needs(package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(importlib.util.find_spec(package) is None, reason=EXTRA.format(package))


def output(program: Path) -> str:
    command = [sys.executable, program]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_with(name: str, executor: str, folder: Path) -> str:
    """An example with this executor; beside it the module that it imports."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert text.count(LINE) == 1
    (folder / name).write_text(text.replace(LINE, LINES[executor]), encoding="utf-8")
    (folder / "primes.py").write_bytes((EXAMPLES / "primes.py").read_bytes())
    return output(folder / name)


@pytest.fixture(params=list(LINES))
def executor(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@needs("distributed")
def test_dask(executor: str, tmp_path: Path) -> None:
    assert (
        run_with("dask_worker.py", executor, tmp_path)
        == "[669, 560, 525, 508]\nfailed with ZeroDivisionError\n"
    )


@needs("joblib")
def test_joblib(executor: str, tmp_path: Path) -> None:
    lines = run_with("joblib_backend.py", executor, tmp_path).splitlines()
    assert lines[0] == str([float(number) for number in range(10)])
    assert lines[1].startswith("failed with ")
    assert lines[2:] == ["4950.0"]


def test_dask_looks_for_threads_by_name() -> None:
    """Dask calls functions differently in a class whose name says that it has threads."""
    for kind in ("process", "enclave"):
        with kinds.KINDS[kind](1) as pool:
            assert "ThreadPoolExecutor" not in str(type(pool))
