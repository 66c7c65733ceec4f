"""CPython's own tests of process pools, run on `EnclaveExecutor` by `standard_library.py`.

They need the package `test`, which many installations lack: then this says so and nothing has been shown. A checkout of
CPython of the same version serves as well:

    ENCLAVE_CPYTHON=/path/to/cpython make stress ARGS="tests/executor/test_standard_library.py"
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

INTERNALS = "looks at attributes of its own that ProcessPoolExecutor has for its processes"
CHILD = "starts a program that imports the executor from concurrent.futures"
ALONE = "expects the pool to be broken where the task alone fails"
CRASH = "crashes its worker by faulthandler, which does not load there; and then expects a broken pool"
FINAL = "lets a thread fail that only process pools have, and expects a broken pool"
MANAGER = "its workers call back to a manager process, with a key that only processes inherit"

# What fails, and why; what passes must not stand here.
DIFFERENT = {
    "test_process_pool.ProcessPoolExecutorTest.test_idle_process_reuse_multiple": INTERNALS,
    "test_process_pool.ProcessPoolExecutorTest.test_idle_process_reuse_one": INTERNALS,
    "test_process_pool.ProcessPoolExecutorTest.test_killed_child": INTERNALS,
    "test_process_pool.ProcessPoolExecutorTest.test_max_tasks_per_child": INTERNALS,
    "test_process_pool.ProcessPoolExecutorTest.test_max_tasks_per_child_defaults_to_spawn_context": INTERNALS,
    "test_process_pool.ProcessPoolExecutorTest.test_saturation": INTERNALS,
    "test_process_pool.ProcessPoolExecutorTest.test_traceback": INTERNALS,
    "test_process_pool.ProcessPoolExecutorTest.test_python_finalization_error": FINAL,
    "test_process_pool.ProcessPoolExecutorTest.test_ressources_gced_in_workers": MANAGER,
    "test_shutdown.ExecutorShutdownTest.test_hang_gh83386": CHILD,
    "test_shutdown.ExecutorShutdownTest.test_interpreter_shutdown": CHILD,
    "test_shutdown.ExecutorShutdownTest.test_submit_after_interpreter_shutdown": CHILD,
    "test_init.FailingInitializerMixin.test_initializer": "logs to a logger of its own",
    "test_deadlock.ExecutorDeadlockTest.test_crash_at_task_unpickle": CRASH,
    "test_deadlock.ExecutorDeadlockTest.test_crash_big_data": CRASH,
    "test_deadlock.ExecutorDeadlockTest.test_crash_during_func_exec_on_worker": CRASH,
    "test_deadlock.ExecutorDeadlockTest.test_crash_during_result_pickle_on_worker": CRASH,
    "test_deadlock.ExecutorDeadlockTest.test_error_at_task_unpickle": ALONE,
    "test_deadlock.ExecutorDeadlockTest.test_error_during_result_unpickle_in_result_handler": ALONE,
    "test_deadlock.ExecutorDeadlockTest.test_exit_at_task_unpickle": ALONE,
    "test_deadlock.ExecutorDeadlockTest.test_exit_during_result_unpickle_in_result_handler": ALONE,
    "test_deadlock.ExecutorDeadlockTest.test_shutdown_deadlock": CRASH,
    "test_deadlock.ExecutorDeadlockTest.test_shutdown_deadlock_pickle": INTERNALS,
}


@pytest.mark.stress
@pytest.mark.timeout(400)
def test_the_librarys_own_tests(tmp_path: Path) -> None:
    report = tmp_path / "report"
    command = [sys.executable, "-m", "tests.executor.standard_library", str(report)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=390)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    if "missing" in lines[0]:
        assert "ENCLAVE_CPYTHON" not in os.environ, lines[0]["missing"]
        pytest.skip(f"not run, for want of CPython's tests: {lines[0]['missing']}")
    failed = {line["test"]: line["text"] for line in lines if line["outcome"] == "failed"}
    passed = {line["test"] for line in lines if line["outcome"] == "passed"}
    print(
        f"{len(passed)} passed, {len(failed)} failed, of them {len(failed.keys() & DIFFERENT.keys())} documented"
    )
    assert len(passed) > 30
    assert failed.keys() <= DIFFERENT.keys(), "\n".join(
        failed[name] for name in failed.keys() - DIFFERENT.keys()
    )
    assert not passed & DIFFERENT.keys()
