"""What a task finds around it: the program's surroundings, files, processes, the standard library."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest

from tests.executor import library, tasks
from tests.executor.package.inner import answer

Make = Callable[..., Executor]


@pytest.fixture(scope="module")
def seen(pool: Executor) -> dict[str, Any]:
    found: dict[str, Any] = pool.submit(tasks.surroundings).result()
    return found


@pytest.mark.parametrize("what", tasks.surroundings())
def test_surroundings(seen: dict[str, Any], what: str) -> None:
    assert seen[what] == tasks.surroundings()[what]


def test_changed_sys_path(fresh: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program put on sys.path before it made its executor, a task can import."""
    (tmp_path / "found_only_here.py").write_text("def answer():\n    return 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    import found_only_here

    assert fresh(1).submit(found_only_here.answer).result() == 42


def test_relative_imports(pool: Executor) -> None:
    assert pool.submit(answer).result() == 42


def test_module_is_imported_under_its_name(pool: Executor) -> None:
    assert pool.submit(tasks.is_main_guarded).result()


def test_environment_variable(fresh: Make) -> None:
    assert fresh(1).submit(tasks.variable, "HOME").result() == os.environ["HOME"]
    assert fresh(1).submit(tasks.run_program, "sh", "-c", "echo $HOME").result() == os.environ["HOME"] + "\n"


def test_variable_of_a_task_stays_there(fresh: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXECUTOR_TEST_OWN", "")  # so that it is taken back where it does not stay
    monkeypatch.delenv("EXECUTOR_TEST_OWN")
    pool = fresh(1)
    assert pool.submit(tasks.set_variable, "EXECUTOR_TEST_OWN", "mine").result() == "mine"
    assert pool.submit(tasks.expanded, "$EXECUTOR_TEST_OWN").result() == "mine"
    assert os.environ.get("EXECUTOR_TEST_OWN") is None


def test_child_of_a_task_has_its_variables(fresh: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXECUTOR_TEST_CHILD", "")
    monkeypatch.delenv("EXECUTOR_TEST_CHILD")
    pool = fresh(1)
    pool.submit(tasks.set_variable, "EXECUTOR_TEST_CHILD", "mine").result()
    assert pool.submit(tasks.run_program, "sh", "-c", "echo $EXECUTOR_TEST_CHILD").result() == "mine\n"


def test_worker_is_a_process_of_its_own(pool: Executor) -> None:
    assert pool.submit(tasks.process_id).result() != os.getpid()


def test_task_runs_on_the_main_thread(pool: Executor) -> None:
    assert pool.submit(tasks.on_its_main_thread).result()


def test_module_of_the_host_is_another(fresh: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.Adder, "base", 7)
    assert fresh(1).submit(tasks.Adder.from_base, 1).result() == 101


# --- What tasks do -------------------------------------------------------------------------------------------------


def test_deep_calls(pool: Executor) -> None:
    """As deep as a program may go by default."""
    assert pool.submit(tasks.descend, 900).result() == 900


def test_subprocess(pool: Executor) -> None:
    assert pool.submit(tasks.run_program, sys.executable, "-I", "-S", "-c", "print(6 * 7)").result() == "42\n"


def test_files(pool: Executor, tmp_path: Path) -> None:
    assert pool.submit(tasks.write_and_read, str(tmp_path / "file.txt")).result() == ["one", "two", "three"]
    assert [path.name for path in tmp_path.iterdir()] == ["file.moved"]


def test_locks_on_files(pool: Executor, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    for future in [pool.submit(tasks.increment, str(counter), 50) for _ in range(4)]:
        future.result()
    assert counter.read_text() == "200"


def test_temporary_files(pool: Executor) -> None:
    assert pool.submit(tasks.temporary).result() == (tempfile.gettempdir(), True, False)


def test_threads_in_a_task(pool: Executor) -> None:
    assert pool.submit(tasks.sum_in_threads, [1, 2, 3]).result() == 14


def test_warnings_in_a_task(pool: Executor) -> None:
    assert pool.submit(tasks.warn, "take care").result() == ["UserWarning: take care"]


def test_logging_in_a_task(pool: Executor) -> None:
    assert pool.submit(tasks.log, "text").result() == "INFO tests.executor.of.tasks text\n"


def test_logging_is_not_the_hosts(fresh: Make) -> None:
    logger = logging.getLogger("tests.executor.handled")
    handler = logging.NullHandler()
    logger.addHandler(handler)
    try:
        assert fresh(1).submit(tasks.log_handlers).result() == 0
    finally:
        logger.removeHandler(handler)


def test_asyncio_in_a_task(pool: Executor) -> None:
    assert pool.submit(tasks.run_coroutines, [1, 2, 3]).result() == [1, 4, 9]


def test_sockets_in_a_task(pool: Executor) -> None:
    assert pool.submit(tasks.talk_over_a_socket, b"hello").result() == b"hello"


def test_signals_in_a_task(pool: Executor) -> None:
    assert pool.submit(tasks.handle_a_signal).result()


def test_fork_in_a_task(pool: Executor) -> None:
    assert pool.submit(tasks.fork).result() == 7


def test_workers_draw_other_numbers(fresh: Make) -> None:
    drawn = {fresh(1).submit(tasks.draw).result() for _ in range(2)}
    assert len(drawn) == 2


def test_executor_in_a_task(pool: Executor, kind: str) -> None:
    assert pool.submit(tasks.nested, kind, [1, 2, 3]).result() == [1, 4, 9]


@pytest.mark.parametrize("other", ["thread", "process"])
def test_other_executor_in_a_task(pool: Executor, other: str) -> None:
    assert pool.submit(tasks.nested, other, [1, 2, 3]).result() == [1, 4, 9]


@pytest.mark.parametrize("module", library.USES)
def test_standard_library(pool: Executor, module: str) -> None:
    try:
        expected = library.use_module(module)
    except ModuleNotFoundError as error:
        if error.name not in library.OPTIONAL:
            raise
        pytest.skip(f"this Python was built without it: {error}")
    assert pool.submit(library.use_module, module).result() == expected
