"""Engines of others that take an executor: Dask, joblib, asyncio. The programs are those in examples/."""

from __future__ import annotations

import importlib.util
import operator
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from enclave_subinterp import TaskKilledError
from tests.executor import kinds, tasks
from tests.executor.gate import Gate

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


@needs("distributed")
def test_message_of_dask() -> None:
    """What a worker of Dask awaits, made in the program about a task that ran in a slot."""
    from dask._task_spec import Task, TaskRef
    from distributed.worker import _run_task_simple

    delay = 1000.0
    with kinds.KINDS["enclave"](1) as pool:
        # GIVEN the calls that a Dask worker makes of an executor
        done = pool.submit(_run_task_simple, Task("k", operator.add, TaskRef("a"), "b"), {"a": "a"}, delay)
        lasting = pool.submit(_run_task_simple, Task("k", time.sleep, 0.2), {}, delay)
        failed = pool.submit(_run_task_simple, Task("k", divmod, 1, 0), {}, delay)
        left = pool.submit(_run_task_simple, Task("k", sys.exit, 3), {}, delay)
        # THEN their messages are as Dask makes them
        message = done.result(60)
        assert (message["op"], message["status"], message["result"]) == ("task-finished", "OK", "ab")
        assert (message["type"], message["nbytes"]) == (str, sys.getsizeof("ab"))
        message = lasting.result(60)
        assert 0.2 <= message["stop"] - message["start"] < 60
        assert abs(time.time() + delay - message["stop"]) < 60
        message = failed.result(60)
        assert message["op"] == "task-erred"
        assert isinstance(message["actual_exception"], ZeroDivisionError)
        with pytest.raises(SystemExit):
            left.result(60)


@needs("distributed")
def test_kill_of_a_task_of_dask(gate: Gate) -> None:
    from dask._task_spec import Task
    from distributed.worker import _run_task_simple

    with kinds.KINDS["enclave"](1) as pool:
        # GIVEN a task that runs and one that waits WHEN both are killed, another one is cancelled
        running, waiting, cancelled = (
            pool.submit(_run_task_simple, Task("k", tasks.stand, gate.paths), {}, 0.0) for _ in range(3)
        )
        gate.wait()
        assert cancelled.cancel()
        assert waiting.kill()  # type: ignore[attr-defined]
        assert running.kill()  # type: ignore[attr-defined]
        # THEN Dask is told so, and the pool goes on
        for future in (running, waiting):
            assert isinstance(future.result(60)["actual_exception"], TaskKilledError)
        assert cancelled.cancelled()
        assert pool.submit(abs, -1).result(60) == 1


def test_message_of_older_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before tasks had a class of their own Dask had a function of another name called."""

    def apply_function_simple(function: Any, args: Any, kwargs: Any, time_delay: float) -> dict[str, Any]:
        return {"result": function(*args, **kwargs), "start": time_delay, "stop": time_delay}

    monkeypatch.setattr(apply_function_simple, "__module__", "distributed.worker")
    monkeypatch.setitem(sys.modules, "distributed", ModuleType("distributed"))
    with kinds.KINDS["enclave"](1) as pool:
        message = pool.submit(apply_function_simple, int, ("11",), {"base": 2}, 5.0).result(60)
    assert message["result"] == 3
    assert message["start"] <= message["stop"] == 5.0


@needs("joblib")
def test_joblib(executor: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if executor == "enclave" and sys.version_info < (3, 13):
        reason = "joblib imports ctypes, which does not load in a subinterpreter"
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    lines = run_with("joblib_backend.py", executor, tmp_path).splitlines()
    assert lines[0] == str([float(number) for number in range(10)])
    assert lines[1].startswith("failed with ")
    assert lines[2:] == ["4950.0"]


def test_dask_looks_for_threads_by_name() -> None:
    """Dask calls functions differently in a class whose name says that it has threads."""
    for kind in ("process", "enclave"):
        with kinds.KINDS[kind](1) as pool:
            assert "ThreadPoolExecutor" not in str(type(pool))
