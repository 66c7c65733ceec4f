"""`EnclaveExecutor` beyond the contract of a process pool: one task's end, what it leaves, and what is said of it."""

from __future__ import annotations

import gc
import os
import pickle
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

import pytest

from enclave_subinterp import (
    EnclaveExecutor,
    EnclaveUsageError,
    ExecutionAbortedError,
    RemoteError,
    TaskCrashedError,
    TaskExitedError,
    TaskKilledError,
    TaskMemoryError,
    TaskTimeoutError,
    UnsupportedModuleError,
    WorkerPoolConfig,
    report_progress,
)
from tests.contract import executor_tasks as tasks

MB = 1024 * 1024
STUCK = 30.0


@pytest.fixture
def executor() -> Iterator[EnclaveExecutor]:
    """One worker, so that the next task finds what the last one left."""
    with EnclaveExecutor(1, memory_limit_per_worker=128 * MB) as executor:
        yield executor


def await_file(path: Path) -> None:
    deadline = time.monotonic() + STUCK
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} never came"
        time.sleep(0.001)


# --- one task's end -----------------------------------------------------------------------------------------


def test_killed_task_fails_alone(executor: EnclaveExecutor) -> None:
    future = executor.submit(tasks.spin)
    waiting = executor.submit(tasks.double, 4)
    while not future.running():
        time.sleep(0.001)
    assert future.kill()
    with pytest.raises(TaskKilledError):
        future.result(STUCK)
    assert not future.kill()
    assert waiting.result(STUCK) == 8


def test_killed_while_it_waits(executor: EnclaveExecutor) -> None:
    first = executor.submit(tasks.spin)
    second = executor.submit(tasks.double, 4)
    assert second.kill()
    assert isinstance(second.exception(STUCK), TaskKilledError)
    assert first.kill()
    assert isinstance(first.exception(STUCK), TaskKilledError)


def test_timeout_of_a_task_does_not_count_its_wait(executor: EnclaveExecutor) -> None:
    quick = executor.options(timeout=0.2)
    nap = executor.submit(tasks.nap, 0.4)
    late = quick.submit(tasks.double, 1)
    spin = quick.submit(tasks.spin)
    assert nap.result(STUCK) == 0.4
    assert late.result(STUCK) == 2
    error = spin.exception(STUCK)
    assert isinstance(error, TaskTimeoutError)
    assert isinstance(error, TimeoutError)
    assert (error.limit, error.duration >= 0.2) == (0.2, True)


def test_timeout_of_the_executor() -> None:
    with EnclaveExecutor(1, task_timeout=0.1) as executor:
        assert isinstance(executor.submit(tasks.spin).exception(STUCK), TaskTimeoutError)
        longer = executor.options(timeout=5.0)
        assert longer.submit(tasks.nap, 0.2).result(STUCK) == 0.2


def test_memory_limit_of_the_worker(executor: EnclaveExecutor) -> None:
    error = executor.submit(tasks.hog).exception(STUCK)
    assert isinstance(error, TaskMemoryError)
    assert isinstance(error, MemoryError)
    assert error.limit == 128 * MB
    assert executor.submit(tasks.hold, 64 * MB).result(STUCK) == 64 * MB


def test_memory_limit_of_a_task_is_its_own(executor: EnclaveExecutor) -> None:
    small = executor.options(memory_limit=16 * MB)
    assert small.submit(tasks.hold, 8 * MB).result(STUCK) == 8 * MB
    error = small.submit(tasks.hold, 32 * MB).exception(STUCK)
    assert isinstance(error, TaskMemoryError)
    assert error.limit == 16 * MB
    # THEN the next one has the worker's limit again, after a halt as after an orderly end
    assert executor.submit(tasks.hold, 32 * MB).result(STUCK) == 32 * MB
    assert small.submit(tasks.hold, 8 * MB).result(STUCK) == 8 * MB
    assert executor.submit(tasks.hold, 32 * MB).result(STUCK) == 32 * MB


def test_exit_of_a_task(executor: EnclaveExecutor) -> None:
    error = executor.submit(tasks.leave, 7).exception(STUCK)
    assert isinstance(error, TaskExitedError)
    assert error.status == 7
    assert executor.submit(tasks.double, 2).result(STUCK) == 4
    assert executor.stats().contained_crashes == 0


def test_no_practical_memory_limit_by_default() -> None:
    with EnclaveExecutor(1) as executor:
        assert executor.submit(tasks.hold, 400 * MB).result(STUCK) == 400 * MB


@pytest.mark.parametrize(
    "error",
    [
        TaskTimeoutError("text", limit=1.0, duration=2.0),
        TaskMemoryError("text", limit=1, peak=2),
        TaskCrashedError("text", signal="SIGSEGV"),
        TaskExitedError("text", status=3),
        TaskKilledError("text"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_can_be_pickled(error: ExecutionAbortedError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert (str(back), vars(back)) == (str(error), vars(error))


# --- what a halted task leaves ------------------------------------------------------------------------------


def test_halted_worker_is_as_after_its_initializer(tmp_path: Path) -> None:
    with EnclaveExecutor(1, initializer=tasks.keep, initargs=("first",)) as executor:
        executor.submit(tasks.keep, "second").result(STUCK)
        assert executor.submit(tasks.show_kept).result(STUCK) == ["first", "second"]
        name = executor.submit(tasks.thread_name).result(STUCK)
        told = tmp_path / "told"
        future = executor.submit(tasks.keep_and_spin, "third", str(told))
        await_file(told)
        assert future.kill()
        future.exception(STUCK)
        assert executor.submit(tasks.show_kept).result(STUCK) == ["first"]
        assert executor.submit(tasks.thread_name).result(STUCK) == name
        assert [worker.name for worker in executor.workers()] == [name]


def test_halted_task_leaves_nothing_open(executor: EnclaveExecutor, tmp_path: Path) -> None:
    before = executor.submit(tasks.show_belongings).result(STUCK)
    locked, told = tmp_path / "locked", tmp_path / "told"
    future = executor.submit(tasks.open_and_spin, str(locked), str(told))
    await_file(told)
    with EnclaveExecutor(1) as other, pytest.raises(BlockingIOError):
        other.submit(tasks.lock, str(locked)).result(STUCK)
    assert future.kill()
    future.exception(STUCK)
    assert executor.submit(tasks.show_belongings).result(STUCK) == before
    with EnclaveExecutor(1) as other:
        assert other.submit(tasks.lock, str(locked)).result(STUCK)
    assert before[1] == str(Path.cwd())


def test_orderly_task_keeps_what_it_opened(executor: EnclaveExecutor, tmp_path: Path) -> None:
    future = executor.submit(open, tmp_path / "file", "w")
    assert isinstance(future.exception(STUCK), (TypeError, pickle.PicklingError))  # a file cannot be pickled
    executor.submit(os.chdir, str(tmp_path)).result(STUCK)
    assert executor.submit(os.getcwd).result(STUCK) == str(tmp_path)
    assert str(Path.cwd()) != str(tmp_path)


# --- modules that do not load -------------------------------------------------------------------------------


def test_unsupported_module_is_found_before_the_work(executor: EnclaveExecutor, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    error = executor.submit(tasks.work_then_import, str(proof)).exception(STUCK)
    assert isinstance(error, UnsupportedModuleError)
    assert isinstance(error, ImportError)
    assert (error.name, error.extension) == ("readline", "readline")
    for part in ("'readline'", "isolated", "ProcessPoolExecutor", "pure-Python"):
        assert part in str(error)
    assert not proof.exists()


def test_guarded_import_goes_on(executor: EnclaveExecutor, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    assert executor.submit(tasks.import_if_there, str(proof)).result(STUCK) == "UnsupportedModuleError"
    assert proof.exists()


def test_import_behind_a_condition_is_not_looked_at(executor: EnclaveExecutor) -> None:
    assert executor.submit(tasks.import_if_wanted, False).result(STUCK) == "not wanted"
    assert isinstance(executor.submit(tasks.import_if_wanted, True).exception(STUCK), UnsupportedModuleError)


# --- buffers ------------------------------------------------------------------------------------------------


def test_buffers_are_lent_in_place(executor: EnclaveExecutor) -> None:
    data = bytearray(MB)
    sharing = executor.options(share_buffers=True)
    assert sharing.submit(tasks.add_first, pickle.PickleBuffer(data)).result(STUCK) == (MB, False)
    assert data[0] == 1, "the task wrote a copy"
    assert executor.submit(tasks.add_first, pickle.PickleBuffer(bytes(data))).result(STUCK) == (MB, True)


def test_lent_buffer_is_given_back(executor: EnclaveExecutor) -> None:
    data = bytearray(MB)
    sharing = executor.options(share_buffers=True)
    assert sharing.submit(tasks.add_first, pickle.PickleBuffer(data)).result(STUCK) == (MB, False)
    gc.collect()
    data.extend(b"more")  # BufferError while anybody holds it


def test_kept_buffer_lives_until_the_worker_goes(executor: EnclaveExecutor) -> None:
    data = bytearray(b"\x05" * MB)
    sharing = executor.options(share_buffers=True)
    sharing.submit(tasks.keep_buffer, pickle.PickleBuffer(data)).result(STUCK)
    with pytest.raises(BufferError):
        data.extend(b"more")
    assert executor.submit(tasks.first_of_kept).result(STUCK) == 5
    # WHEN the worker is put back, what it held is free with the next task
    executor.submit(tasks.leave, 0).exception(STUCK)
    executor.submit(tasks.double, 1).result(STUCK)
    data.extend(b"more")


def test_buffer_of_an_initializer_outlives_halts() -> None:
    data = bytearray(b"\x09" * MB)
    with EnclaveExecutor(1, initializer=tasks.keep_buffer, initargs=(pickle.PickleBuffer(data),)) as executor:
        for _ in range(2):
            assert executor.submit(tasks.first_of_kept).result(STUCK) == 9
            executor.submit(tasks.leave, 0).exception(STUCK)
        with pytest.raises(BufferError):
            data.extend(b"more")
    gc.collect()


def test_buffer_comes_back_writable(executor: EnclaveExecutor) -> None:
    back = executor.submit(tasks.buffer_of, MB).result(STUCK)
    view = memoryview(back)
    view[0] = 3
    assert (len(view), view[0]) == (MB, 3)


def test_large_requests_and_values(executor: EnclaveExecutor) -> None:
    data = os.urandom(20 * MB)
    assert executor.submit(tasks.double, data).result(STUCK) == data * 2


# --- progress, streams, children ----------------------------------------------------------------------------


def test_progress_arrives_in_order(executor: EnclaveExecutor) -> None:
    got: list[Any] = []
    options = executor.options(on_progress=got.append)
    assert options.submit(tasks.report, 50).result(STUCK) == 50
    assert got == [{"step": number} for number in range(50)]
    assert executor.submit(tasks.report, 3).result(STUCK) == 3  # nobody listens


def test_progress_outside_a_task_is_an_error() -> None:
    with pytest.raises(EnclaveUsageError, match="outside a task"):
        report_progress(1)


def test_error_in_on_progress_hurts_nothing(
    executor: EnclaveExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    def complain(_value: object) -> None:
        raise RuntimeError("on purpose")

    assert executor.options(on_progress=complain).submit(tasks.report, 2).result(STUCK) == 2
    assert caplog.text.count("on_progress raised") == 2


def test_prints_reach_the_hosts_stream(executor: EnclaveExecutor, capsys: pytest.CaptureFixture[str]) -> None:
    executor.submit(print, "one", 2, sep="-").result(STUCK)
    executor.submit(print, "no newline", end="").result(STUCK)
    assert capsys.readouterr().out == "one-2\nno newline"


def test_children_of_a_task(executor: EnclaveExecutor) -> None:
    variable, blocked = executor.submit(tasks.child_facts).result(STUCK)
    assert (variable, blocked) == ("mine", 0)
    assert "ENCLAVE_TEST_CHILD" not in os.environ


# --- exceptions ---------------------------------------------------------------------------------------------


def test_chain_notes_and_remote_traceback(executor: EnclaveExecutor) -> None:
    error = executor.submit(tasks.fail_chained).exception(STUCK)
    assert isinstance(error, ValueError)
    assert error.__notes__ == ["a note"]
    cause = error.__cause__
    assert isinstance(cause, KeyError)
    assert "in fail_chained" in str(cause.__cause__)
    assert "<enclave runtime>" not in str(cause.__cause__)


def test_exception_that_cannot_come_back(executor: EnclaveExecutor) -> None:
    error = executor.submit(tasks.fail_unpicklable).exception(STUCK)
    assert isinstance(error, RemoteError)
    assert error.type_name == "TwoError"
    assert "first" in str(error)
    assert "in fail_unpicklable" in str(error.__cause__)


# --- the executor -------------------------------------------------------------------------------------------


def test_broken_initializer(caplog: pytest.LogCaptureFixture) -> None:
    with EnclaveExecutor(2, initializer=tasks.raise_in_initializer) as executor:
        futures = [executor.submit(tasks.double, number) for number in range(4)]
        for future in futures:
            error = future.exception(STUCK)
            assert isinstance(error, BrokenExecutor)
            assert isinstance(error.__cause__, LookupError)
        with pytest.raises(BrokenExecutor, match="no such thing"):
            executor.submit(tasks.double, 1)
    assert "Exception in initializer" in caplog.text


def test_statistics(executor: EnclaveExecutor) -> None:
    executor.submit(tasks.double, 1).result(STUCK)
    executor.submit(tasks.leave, 1).exception(STUCK)
    executor.options(timeout=0.05).submit(tasks.spin).exception(STUCK)
    executor.submit(tasks.double, 1).result(STUCK)
    stats = executor.stats()
    assert (stats.total_executions, stats.successful_executions, stats.failed_executions) == (4, 2, 2)
    assert (stats.timeout_executions, stats.worker_recycles, stats.forced_terminations) == (1, 2, 2)


def test_configuration_is_the_pools() -> None:
    reasons: list[object] = []
    config = WorkerPoolConfig(
        min_workers=0, max_workers=1, warm_on_init=False, on_worker_recycled=reasons.append
    )
    with EnclaveExecutor(config=config, max_tasks_per_child=2) as executor:
        names = [executor.submit(tasks.thread_name).result(STUCK) for _ in range(4)]
    assert len(set(names)) == 2
    assert [str(reason) for reason in reasons].count("MAX_EXECUTIONS") >= 1


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"max_workers": 0}, ValueError, "max_workers must be greater than 0"),
        ({"max_workers": "2"}, TypeError, "max_workers"),
        ({"initializer": 1}, TypeError, "initializer must be a callable"),
        ({"max_tasks_per_child": 0}, ValueError, "max_tasks_per_child must be >= 1"),
        ({"max_tasks_per_child": 1.5}, TypeError, "max_tasks_per_child must be an integer"),
        ({"task_timeout": -1}, ValueError, "task_timeout"),
        ({"memory_limit_per_worker": 1}, ValueError, "memory_limit_per_worker"),
        ({"config": {}}, TypeError, "config"),
    ],
)
def test_wrong_arguments(arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        EnclaveExecutor(**arguments)


def test_wrong_options(executor: EnclaveExecutor) -> None:
    options: Callable[..., object] = executor.options
    for wrong in ({"timeout": 0}, {"memory_limit": 0}, {"on_progress": 1}, {"share_buffers": "no"}):
        with pytest.raises((TypeError, ValueError), match=next(iter(wrong))):
            options(**wrong)


def test_dropped_executor_ends_its_workers() -> None:
    executor = EnclaveExecutor(1)
    future = executor.submit(tasks.double, 2)
    gone = weakref.ref(executor)
    del executor
    assert gone() is None
    assert future.result(STUCK) == 4
    deadline = time.monotonic() + STUCK
    while any(thread.name.startswith("enclave-") for thread in threading.enumerate()):
        assert time.monotonic() < deadline, threading.enumerate()
        time.sleep(0.001)


def test_name_keeps_clear_of_what_dask_looks_for() -> None:
    assert "ThreadPoolExecutor" not in EnclaveExecutor.__name__
    assert not any("ThreadPoolExecutor" in base.__name__ for base in EnclaveExecutor.__mro__)


@pytest.mark.parametrize("size", [0, (16 << 10) - 1, 16 << 10, (16 << 10) + 1, 64 << 10, 1 << 20])
def test_bytes_of_every_size_come_back_as_bytes(executor: EnclaveExecutor, size: int) -> None:
    value = executor.submit(bytes, size).result(STUCK)
    assert type(value) is bytes
    assert value == bytes(size)
    assert executor.submit(tasks.double, "ab" * size).result(STUCK) == "ab" * size * 2
