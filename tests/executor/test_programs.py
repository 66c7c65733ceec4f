"""Whole programs with an executor in them: each a child process that is run as users run theirs.

`Pool` in a program is the executor; the line that imports it is the only one that differs.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.executor.gate import Gate

LIMIT = 60


IMPORTS = {
    "process": """
        import functools, multiprocessing
        from concurrent.futures import ProcessPoolExecutor
        Pool = functools.partial(ProcessPoolExecutor, mp_context=multiprocessing.get_context("forkserver"))
        """,
    "enclave": "from enclave_subinterp import EnclaveExecutor as Pool",
}

FUNCTIONS = """
    import collections, dataclasses, enum, functools

    FACTOR = 3

    def scale(number):
        return FACTOR * number

    @dataclasses.dataclass
    class Point:
        x: int
        y: int
        def moved(self, by):
            return Point(self.x + by, self.y + by)

    class Colour(enum.Enum):
        RED = 1

    Pair = collections.namedtuple("Pair", "left right")

    class OwnError(Exception):
        pass

    def swap(pair):
        assert isinstance(pair, Pair), type(pair)
        return Pair(pair.right, pair.left)

    def paint(colour):
        assert colour is Colour.RED
        return colour

    def fail():
        raise OwnError("own")

    def main():
        with Pool(2) as pool:
            print(list(pool.map(scale, range(3))))
            print(pool.submit(Point(1, 2).moved, 1).result() == Point(2, 3))
            print(pool.submit(swap, Pair(1, 2)).result() == Pair(2, 1))
            print(pool.submit(paint, Colour.RED).result() is Colour.RED)
            print(pool.submit(functools.partial(scale, 5)).result())
            try:
                pool.submit(fail).result()
            except OwnError as error:
                print("caught", error)

    if __name__ == "__main__":
        main()
    """
FUNCTIONS_SAY = "[0, 3, 6]\nTrue\nTrue\nTrue\n15\ncaught own\n"


@pytest.fixture(params=list(IMPORTS))
def kind(request: pytest.FixtureRequest) -> str:
    """Programs are dear; the other executors have little to show there."""
    name: str = request.param
    return name


def program(kind: str, text: str) -> str:
    return textwrap.dedent(IMPORTS[kind]) + textwrap.dedent(text)


@contextlib.contextmanager
def child(
    arguments: Sequence[str | Path], folder: Path, script: str | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A child in a session of its own, which is gone at the end with all that it started."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL if script is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        if script is not None:
            assert process.stdin is not None
            process.stdin.write(script)
            process.stdin.close()
            process.stdin = None
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def outcome(
    arguments: Sequence[str | Path], folder: Path, script: str | None = None, limit: float = LIMIT
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    with child(arguments, folder, script) as process:
        out, err = process.communicate(timeout=limit)
        return process.returncode, out, err


def run_file(
    kind: str, text: str, folder: Path, *arguments: str, limit: float = LIMIT
) -> tuple[int, str, str]:
    """The program as a file, run by its path."""
    path = folder / "program.py"
    path.write_text(program(kind, text))
    return outcome([path, *arguments], folder, limit=limit)


# --- Ways to start it ----------------------------------------------------------------------------------------------


def test_by_path(kind: str, tmp_path: Path) -> None:
    assert run_file(kind, FUNCTIONS, tmp_path) == (0, FUNCTIONS_SAY, "")


def test_by_path_from_elsewhere(kind: str, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def help(n):\n    return n + 1\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    text = """
        import helper
        if __name__ == "__main__":
            with Pool(1) as pool:
                print(pool.submit(helper.help, 1).result())
        """
    (tmp_path / "program.py").write_text(program(kind, text))
    assert outcome(["../program.py"], elsewhere) == (0, "2\n", "")


def test_by_module(kind: str, tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "helper.py").write_text("def triple(n):\n    return 3 * n\n")
    helper = "def scale(n):\n    from .helper import triple\n    return triple(n)"
    text = textwrap.dedent(FUNCTIONS).replace("def scale(number):\n    return FACTOR * number", helper)
    assert "helper" in text
    (package / "program.py").write_text(program(kind, text))
    assert outcome(["-m", "package.program"], tmp_path) == (0, FUNCTIONS_SAY, "")


def test_by_package(kind: str, tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(program(kind, FUNCTIONS))
    assert outcome(["-m", "package"], tmp_path) == (0, FUNCTIONS_SAY, "")


def test_by_folder(kind: str, tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(program(kind, FUNCTIONS))
    assert outcome([tmp_path], tmp_path) == (0, FUNCTIONS_SAY, "")


def test_in_a_zip(kind: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "program.zip", "w") as archive:
        archive.writestr("__main__.py", program(kind, FUNCTIONS))
    assert outcome([tmp_path / "program.zip"], tmp_path) == (0, FUNCTIONS_SAY, "")


def test_module_in_a_zip(kind: str, tmp_path: Path) -> None:
    text = """
        import helper
        if __name__ == "__main__":
            with Pool(1) as pool:
                print(pool.submit(helper.help, 1).result())
        """
    with zipfile.ZipFile(tmp_path / "program.zip", "w") as archive:
        archive.writestr("__main__.py", program(kind, text))
        archive.writestr("helper.py", "def help(n):\n    return n + 1\n")
    assert outcome([tmp_path / "program.zip"], tmp_path) == (0, "2\n", "")


def test_by_stdin(kind: str, tmp_path: Path) -> None:
    assert outcome(["-"], tmp_path, program(kind, FUNCTIONS)) == (0, FUNCTIONS_SAY, "")


def test_by_command(kind: str, tmp_path: Path) -> None:
    assert outcome(["-c", program(kind, FUNCTIONS)], tmp_path) == (0, FUNCTIONS_SAY, "")


@pytest.mark.parametrize("option", ["-I", "-O", "-Werror", "-Xdev"])
def test_with_an_option(kind: str, tmp_path: Path, option: str) -> None:
    (tmp_path / "program.py").write_text(program(kind, FUNCTIONS))
    assert outcome([option, tmp_path / "program.py"], tmp_path) == (0, FUNCTIONS_SAY, "")


def test_guard(kind: str, tmp_path: Path) -> None:
    """The worker's copy of the program has another name, and what is guarded runs once."""
    text = """
        import os
        def name():
            return __name__
        if __name__ == "__main__":
            print("guarded")
            with Pool(1) as pool:
                print(pool.submit(name).result() == "__main__")
        """
    assert run_file(kind, text, tmp_path) == (0, "guarded\nFalse\n", "")


def test_arguments(kind: str, tmp_path: Path) -> None:
    text = """
        import sys
        def arguments():
            return sys.argv[1:]
        if __name__ == "__main__":
            with Pool(1) as pool:
                print(pool.submit(arguments).result())
        """
    assert run_file(kind, text, tmp_path, "one", "--two") == (0, "['one', '--two']\n", "")


def test_working_directory(kind: str, tmp_path: Path) -> None:
    """Where the program was when it made its workers."""
    text = """
        import os
        if __name__ == "__main__":
            os.mkdir("below")
            os.chdir("below")
            with Pool(1) as pool:
                print(os.path.basename(pool.submit(os.getcwd).result()))
        """
    assert run_file(kind, text, tmp_path) == (0, "below\n", "")


# --- Output --------------------------------------------------------------------------------------------------------


def test_prints_reach_the_programs_output(kind: str, tmp_path: Path) -> None:
    text = """
        import os, subprocess, sys
        def speak():
            print("printed", flush=True)
            sys.stdout.write("written\\n")
            sys.stdout.flush()
            os.write(1, b"by number\\n")
            subprocess.run(["echo", "by a child"], check=True)
            sys.stdout.buffer.write(b"bytes\\n")
            sys.stdout.buffer.flush()
            print("to stderr", file=sys.stderr)
            print("left in the buffer")
        if __name__ == "__main__":
            with Pool(1) as pool:
                pool.submit(speak).result()
        """
    said = "printed\nwritten\nby number\nby a child\nbytes\nleft in the buffer\n"
    assert run_file(kind, text, tmp_path) == (0, said, "to stderr\n")


def test_warnings_and_logs_of_tasks_reach_stderr(kind: str, tmp_path: Path) -> None:
    text = """
        import logging, warnings
        def complain():
            warnings.warn("take care", stacklevel=1)
            logging.warning("logged")
        if __name__ == "__main__":
            with Pool(1) as pool:
                pool.submit(complain).result()
        """
    code, out, err = run_file(kind, text, tmp_path)
    assert (code, out) == (0, "")
    assert "UserWarning: take care" in err
    assert "WARNING:root:logged" in err


# --- The end -------------------------------------------------------------------------------------------------------

LEFT = """
    import sys, time
    def note(number):
        with open("notes", "a") as file:
            file.write(f"{number}\\n")
    if __name__ == "__main__":
        pool = Pool(2)
        for number in range(20):
            pool.submit(note, number)
        %s
    """


@pytest.mark.parametrize("end", ["pass", "sys.exit(0)", "pool.shutdown(wait=False)", "del pool"])
def test_exit_with_pending_tasks(kind: str, tmp_path: Path, end: str) -> None:
    """They are done before the program ends."""
    assert run_file(kind, LEFT % end, tmp_path) == (0, "", "")
    assert sorted(map(int, (tmp_path / "notes").read_text().split())) == list(range(20))


def test_exit_code_and_error_with_pending_tasks(kind: str, tmp_path: Path) -> None:
    code, out, err = run_file(kind, LEFT % "raise KeyError('own')", tmp_path)
    assert (code, out) == (1, "")
    assert err.count("Traceback") == 1
    assert err.endswith("KeyError: 'own'\n")
    assert len((tmp_path / "notes").read_text().split()) == 20


def test_exit_after_use_without_shutdown(kind: str, tmp_path: Path) -> None:
    text = """
        pool = None
        if __name__ == "__main__":
            pool = Pool(2)
            print(list(pool.map(abs, [-1, 2])))
        """
    assert run_file(kind, text, tmp_path) == (0, "[1, 2]\n", "")


def test_exit_of_what_was_never_used(kind: str, tmp_path: Path) -> None:
    text = """
        if __name__ == "__main__":
            pool = Pool(2)
            print("made")
        """
    assert run_file(kind, text, tmp_path) == (0, "made\n", "")


def test_submit_while_the_interpreter_ends(kind: str, tmp_path: Path) -> None:
    text = """
        import atexit
        def late():
            try:
                pool.submit(abs, -1)
            except RuntimeError:
                print("too late")
        if __name__ == "__main__":
            pool = Pool(1)
            print(pool.submit(abs, -1).result())
            atexit.register(late)
        """
    assert run_file(kind, text, tmp_path) == (0, "1\ntoo late\n", "")


STAND = """
        import sys
        def stand(come, through):
            with open(come, "wb", 0) as pipe:
                pipe.write(b".")
            with open(through, "rb", 0) as pipe:
                pipe.read(1)
            return "through"
        """


def test_keyboard_interrupt(kind: str, tmp_path: Path) -> None:
    """The host is interrupted while it waits, leaves the with statement, and what runs is waited for."""
    text = f"""
        {STAND}
        if __name__ == "__main__":
            future = None
            try:
                with Pool(1) as pool:
                    future = pool.submit(stand, *sys.argv[1:3])
                    try:
                        future.result()
                    finally:
                        print("leaving", flush=True)
            except KeyboardInterrupt:
                print("interrupted", future.result(timeout=0))
        """
    path = tmp_path / "program.py"
    path.write_text(program(kind, text))
    with Gate(tmp_path) as gate, child([path, *gate.paths], tmp_path) as process:
        gate.wait()
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "leaving\n"
        gate.open()
        out, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, out, err) == (0, "interrupted through\n", "")


def test_keyboard_interrupt_that_cancels(kind: str, tmp_path: Path) -> None:
    text = f"""
        {STAND}
        if __name__ == "__main__":
            pool = Pool(1)
            futures = [pool.submit(stand, *sys.argv[1:3]) for _ in range(20)]
            try:
                futures[0].result()
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                print("cancelled", flush=True)
                raise SystemExit(5)
        """
    path = tmp_path / "program.py"
    path.write_text(program(kind, text))
    with Gate(tmp_path) as gate, child([path, *gate.paths], tmp_path) as process:
        gate.wait()
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "cancelled\n"
        gate.open(20)
        out, err = process.communicate(timeout=LIMIT)
        assert (process.returncode, out, err) == (5, "", "")


# --- Tasks that harm their worker ----------------------------------------------------------------------------------

HARMED = """
    import concurrent.futures, os, sys
    def harm():
        %s
    if __name__ == "__main__":
        with Pool(1) as pool:
            print("failed", pool.submit(harm).exception() is not None)
            try:
                print("goes on", pool.submit(abs, -1).result())
            except concurrent.futures.BrokenExecutor:
                print("broken")
    """
HARM = {
    "exit": "os._exit(3)",
    "abort": "os.abort()",
    "fault": "import ctypes; ctypes.string_at(0)",
}


@pytest.mark.parametrize("harm", HARM)
def test_harmed_worker_fails_its_task(kind: str, tmp_path: Path, harm: str) -> None:
    _, out, _ = run_file(kind, HARMED % HARM[harm], tmp_path)
    assert out.startswith("failed True\n")


@pytest.mark.parametrize("harm", HARM)
def test_pool_outlives_a_harmed_worker(kind: str, tmp_path: Path, harm: str) -> None:
    code, out, _ = run_file(kind, HARMED % HARM[harm], tmp_path)
    assert (code, out) == (0, "failed True\ngoes on 1\n")


def test_map_and_max_tasks_per_child(kind: str, tmp_path: Path) -> None:
    text = """
        if __name__ == "__main__":
            with Pool(2, max_tasks_per_child=2) as pool:
                print(list(pool.map(abs, range(12))))
        """
    said = f"{list(range(12))}\n"
    limit = 5 if kind == "process" else LIMIT  # it never ends there
    assert run_file(kind, text, tmp_path, limit=limit) == (0, said, "")


def test_import_costs_no_workers(kind: str, tmp_path: Path) -> None:
    """An executor that is made and shut down unused leaves the program with the one thread that it had."""
    text = """
        import threading
        if __name__ == "__main__":
            Pool(2).shutdown()
            print(threading.active_count())
        """
    assert run_file(kind, text, tmp_path) == (0, "1\n", "")


def test_main_imports_what_only_the_host_needs(kind: str, tmp_path: Path) -> None:
    text = """
        import faulthandler
        def double(number):
            return 2 * number
        if __name__ == "__main__":
            faulthandler.enable()
            with Pool(1) as pool:
                print(pool.submit(double, 3).result())
        """
    assert run_file(kind, text, tmp_path) == (0, "6\n", "")
