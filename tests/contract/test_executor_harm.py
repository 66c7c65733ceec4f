"""Tasks that crash, and programs that end with an executor: each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(text: str, folder: Path, *, timeout: float = 60.0) -> tuple[int, str, str]:
    """Run a script from a file; exit status, stdout, stderr."""
    head = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    file = folder / "program.py"
    file.write_text(head + textwrap.dedent(text), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, timeout=timeout, check=False
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize(("harm", "signal"), [("fault", "SIGSEGV"), ("abort", "SIGABRT")])
def test_crash_fails_alone(harm: str, signal: str, tmp_path: Path) -> None:
    text = f"""
        from enclave_subinterp import EnclaveExecutor
        from tests.contract import executor_tasks as tasks
        if __name__ == "__main__":
            with EnclaveExecutor(1) as executor:
                first, second = executor.submit(tasks.{harm}), executor.submit(tasks.double, 2)
                print(type(first.exception()).__name__, first.exception().signal, second.result())
        """
    assert run(text, tmp_path) == (0, f"TaskCrashedError {signal} 4\n", "")


def test_callback_that_exits(tmp_path: Path) -> None:
    """GIVEN a callback that calls sys.exit() WHEN its task has ended THEN the worker serves the next ones."""
    text = """
        import pathlib, threading
        from enclave_subinterp import EnclaveExecutor
        from tests.contract import executor_tasks as tasks
        if __name__ == "__main__":
            with EnclaveExecutor(1) as executor:
                for number in range(3):
                    gate = f"{sys.argv[0]}.{number}"
                    called = threading.Event()
                    future = executor.submit(tasks.stand_at, gate)
                    future.add_done_callback(lambda _, called=called: (called.set(), sys.exit(3)))
                    pathlib.Path(gate).touch()
                    print(called.wait(20), executor.submit(abs, -number).result(20), end=" ")
        """
    code, out, err = run(text, tmp_path, timeout=30.0)
    assert (code, out, err.count("SystemExit: 3")) == (0, "True 0 True 1 True 2 ", 3)


def test_stand_in_of_the_main_module(tmp_path: Path) -> None:
    """GIVEN a main module that imports what no worker can WHEN a task uses it THEN it does not begin."""
    text = """
        import pathlib
        import readline
        from enclave_subinterp import EnclaveExecutor
        def without(proof):
            return "fine"
        def use(proof):
            pathlib.Path(proof).touch()
            return readline.get_history_length()
        if __name__ == "__main__":
            with EnclaveExecutor(1) as executor:
                proof = sys.argv[0] + ".proof"
                print(executor.submit(without, proof).result())
                error = executor.submit(use, proof).exception()
                print(type(error).__name__, error.name, pathlib.Path(proof).exists())
        """
    assert run(text, tmp_path) == (0, "fine\nUnsupportedModuleError readline False\n", "")


def test_main_module_that_fails_is_its_tasks_affair(tmp_path: Path) -> None:
    text = """
        from enclave_subinterp import EnclaveExecutor
        if __name__ == "__mp_main__":
            raise LookupError("not here")
        def own():
            return 1
        if __name__ == "__main__":
            with EnclaveExecutor(1) as executor:
                print(repr(executor.submit(own).exception()), executor.submit(abs, -3).result())
                print(repr(executor.submit(own).exception()))
        """
    assert run(text, tmp_path) == (0, "LookupError('not here') 3\nLookupError('not here')\n", "")


def test_extension_without_support_for_subinterpreters(tmp_path: Path) -> None:
    """A package whose extension module does not load is named, and so is the extension."""
    package = tmp_path / "wrapping"
    package.mkdir()
    (package / "__init__.py").write_text(
        "try:\n    import readline\nexcept ImportError as error:\n"
        "    raise ImportError('the C part is missing') from error\n",
        encoding="utf-8",
    )
    text = """
        from enclave_subinterp import EnclaveExecutor
        def use():
            import wrapping
            return wrapping.__name__
        if __name__ == "__main__":
            with EnclaveExecutor(1) as executor:
                error = executor.submit(use).exception()
                print(type(error).__name__, error.name, error.extension)
        """
    assert run(text, tmp_path) == (0, "UnsupportedModuleError wrapping readline\n", "")


def test_executor_in_the_child_of_a_fork(tmp_path: Path) -> None:
    text = """
        import os, warnings
        from enclave_subinterp import EnclaveExecutor
        warnings.simplefilter("ignore", DeprecationWarning)
        executor = EnclaveExecutor(1)
        executor.submit(abs, -1).result()
        child = os.fork()
        if child == 0:
            try:
                executor.submit(abs, -1)
            except RuntimeError as error:
                print("refused" if "fork" in str(error) else error, flush=True)
            executor.shutdown()
            os._exit(0)
        print(os.waitpid(child, 0)[1], executor.submit(abs, -2).result())
        executor.shutdown()
        """
    assert run(text, tmp_path) == (0, "refused\n0 2\n", "")


STRANGERS = """
    import sys; sys.path.append({folder!r})
    from enclave_subinterp import Enclave, EnclaveExecutor, TaskTimeoutError
    {imports}
    kept = []
    def prepare():
        kept.append({make})
    def spoil():
        {spoil}
        while True:
            pass
    def read():
        return {read}
    def main():
        {before}
        with EnclaveExecutor(1, initializer=prepare) as executor:
            print(executor.submit(read).result(), end=" ")
            [first] = executor.workers()
            for turn in range(3):
                try:
                    executor.options(timeout=0.2).submit(spoil).result()
                except TaskTimeoutError:
                    print("halted", executor.submit(read).result(), end=" ")
            [last] = executor.workers()
            print("same" if first.id == last.id else "another")
    if __name__ == "__main__":
        main()
    """


@pytest.mark.parametrize(
    ("kind", "worker"), [("stranger", "another"), ("mmap", "another"), ("followed", "same")]
)
@pytest.mark.parametrize(
    "before", ["pass", 'with Enclave() as enclave: enclave.run("1")'], ids=["alone", "after an enclave"]
)
def test_what_a_halted_task_has_freed(kind: str, worker: str, before: str, tmp_path: Path) -> None:
    """GIVEN a worker whose initializer made what holds memory of libc WHEN a task frees that and is halted THEN the
    next task finds it whole: in a new worker if nobody follows such memory, else in the same one."""
    folder = ROOT / "build" / Path(sys.prefix).name / "native"
    assert list(folder.glob("native_module_stranger.*")), "the extension module was not built"
    parts = {
        "stranger": (
            "import native_module_stranger",
            'native_module_stranger.Holder("whole")',
            "kept[0].close()",
            "kept[0].read().decode()",
        ),
        "mmap": (
            "import mmap",
            "mmap.mmap(-1, 4096)",
            "kept.pop().close()",
            'kept[0][:5].replace(bytes(5), b"whole").decode()',
        ),
        "followed": (
            "import hashlib",
            'hashlib.sha256(b"whole")',
            'kept[0].copy().update(b"x"), kept.clear()',
            '"whole" if kept[0].hexdigest() == hashlib.sha256(b"whole").hexdigest() else "changed"',
        ),
    }[kind]
    names = ("imports", "make", "spoil", "read")
    text = STRANGERS.format(folder=str(folder), before=before, **dict(zip(names, parts, strict=True)))
    assert run(text, tmp_path) == (0, f"whole {'halted whole ' * 3}{worker}\n", "")
