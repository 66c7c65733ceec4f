"""CPython's own tests of executors, run on EnclaveExecutor: into FILE goes one line of JSON for each test.

    python -m tests.executor.standard_library FILE [NAME...]

Without the package `test` in the installation, ENCLAVE_CPYTHON names a checkout of CPython of the same version: its
Lib/test is used and nothing else of it.
"""

from __future__ import annotations

import functools
import importlib
import json
import multiprocessing
import os
import select
import sys
import tempfile
import traceback
import unittest
from pathlib import Path
from typing import Any, TextIO

from enclave_subinterp import EnclaveExecutor

PACKAGE = "test.test_concurrent_futures"
# Of each file: the mixins that are also run on process pools.
MIXINS = {
    "test_process_pool": ("ProcessPoolExecutorTest",),
    "test_wait": ("WaitTests",),
    "test_as_completed": ("AsCompletedTests",),
    "test_shutdown": ("ExecutorShutdownTest",),
    "test_init": ("InitializerMixin", "FailingInitializerMixin"),
    "test_deadlock": ("ExecutorDeadlockTest",),
}


class Event:
    """What `Manager().Event()` is to processes: goes to workers by its name."""

    def __init__(self, path: str) -> None:
        self.path = path

    def set(self) -> None:
        os.write(
            os.open(self.path, os.O_RDWR), b"." * 1000
        )  # one for each who waits; the pipe lives while it is open

    def wait(self, timeout: float | None = None) -> bool:
        pipe = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            ready = bool(select.select([pipe], [], [], timeout)[0])
            if ready:
                os.read(pipe, 1)
            return ready
        finally:
            os.close(pipe)

    def is_set(self) -> bool:
        return self.wait(0)


class EnclaveMixin:
    """In the place of CPython's `ProcessPoolSpawnMixin`."""

    executor_type = EnclaveExecutor

    def get_context(self) -> Any:
        return multiprocessing.get_context("spawn")  # looked at by no one but the tests

    def create_event(self) -> Event:
        path = tempfile.mktemp(prefix="event-", dir=scratch().name)
        os.mkfifo(path)
        self._keep = [*getattr(self, "_keep", ()), os.open(path, os.O_RDWR)]
        return Event(path)


@functools.cache
def scratch() -> tempfile.TemporaryDirectory[str]:
    """For the program's own files; gone when it ends."""
    return tempfile.TemporaryDirectory(prefix="executor-test-")


def find() -> str | None:
    """Make the package importable, here and in workers; what keeps it from being so."""
    checkout = os.environ.get("ENCLAVE_CPYTHON")
    if checkout is not None:
        package = Path(checkout, "Lib", "test").resolve()
        folder = Path(scratch().name)
        (folder / "test").symlink_to(package)
        sys.path.insert(0, str(folder))
    try:
        importlib.import_module(PACKAGE)
    except ImportError as error:
        return f"{error}; ENCLAVE_CPYTHON may name a checkout of CPython {sys.version.split()[0]}"
    return None


def suite(names: list[str]) -> unittest.TestSuite:
    util = importlib.import_module(f"{PACKAGE}.util")
    loader = unittest.TestLoader()
    tests = unittest.TestSuite()
    for file, mixins in MIXINS.items():
        module = importlib.import_module(f"{PACKAGE}.{file}")
        for mixin in mixins:
            bases = (EnclaveMixin, getattr(module, mixin), util.ExecutorMixin, util.BaseTestCase)
            if issubclass(getattr(module, mixin), util.ExecutorMixin):
                bases = (EnclaveMixin, getattr(module, mixin), util.BaseTestCase)
            case = type(mixin, bases, {"__module__": __name__})
            for test in loader.loadTestsFromTestCase(case):
                name = f"{file}.{mixin}.{test._testMethodName}"
                if not names or name in names:
                    test.id = lambda name=name: name
                    tests.addTest(test)
    return tests


class Report(unittest.TestResult):
    def __init__(self, file: TextIO) -> None:
        super().__init__()
        self._file = file

    def tell(self, test: Any, outcome: str, text: str = "") -> None:
        line = {"test": test.id(), "outcome": outcome, "text": text}
        print(json.dumps(line), file=self._file, flush=True)

    def addSuccess(self, test: Any) -> None:
        self.tell(test, "passed")

    def addSkip(self, test: Any, reason: str) -> None:
        self.tell(test, "skipped", reason)

    def addError(self, test: Any, err: Any) -> None:
        self.tell(test, "failed", "".join(traceback.format_exception(*err)))

    addFailure = addError


def main() -> int:
    with Path(sys.argv[1]).open("w", encoding="utf-8") as file:
        missing = find()
        if missing is not None:
            print(json.dumps({"missing": missing}), file=file)
            return 0
        importlib.import_module("test.support").verbose = 0
        suite(sys.argv[2:]).run(Report(file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
