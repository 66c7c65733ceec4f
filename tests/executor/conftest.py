"""One suite, many executors: `kind` is the name, `pool` one that a file's tests share, `fresh` makes more."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest

from tests.executor import differences, kinds, tasks
from tests.executor.gate import Gate

# Whose cases each start a program of their own: with processes, which are only the model there, they are left to
# `make stress`.
PROGRAMS = ("test_programs.py", "test_engines.py")


@pytest.hookimpl(tryfirst=True)  # before marks choose
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is documented to differ has to fail."""
    for item in items:
        if item.path.parent != Path(__file__).parent or not isinstance(item, pytest.Function):
            continue
        callspec = getattr(item, "callspec", None)
        params = callspec.params if callspec is not None else {}
        if item.path.name in PROGRAMS and "process" in (params.get("kind"), params.get("executor")):
            item.add_marker(pytest.mark.stress)
        kind = params.get("kind")
        if kind is None:
            continue
        for difference in differences.DIFFERENCES:
            if difference.executor == kind and difference.concerns(differences.name_of(item)):
                item.add_marker(pytest.mark.xfail(reason=difference.reason, strict=True))


@pytest.fixture(scope="module", autouse=True)
def arguments() -> Iterator[None]:
    """The program has some, whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["program", "argument"])
        yield


@pytest.fixture(params=kinds.KINDS, scope="module")
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def pool(kind: str) -> Iterator[Executor]:
    """Two workers, for tests that leave nothing behind in them."""
    with kinds.KINDS[kind]() as executor:
        yield executor


@pytest.fixture
def fresh(kind: str) -> Iterator[Callable[..., Executor]]:
    """Makes executors of the kind; they are shut down after the test."""
    tasks.initialise()  # threads share the host's
    with contextlib.ExitStack() as stack:

        def make(*args: Any, **options: Any) -> Executor:
            executor = kinds.KINDS[kind](*args, **options)
            stack.callback(executor.shutdown, cancel_futures=True)
            return executor

        yield make


@pytest.fixture
def gate(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Gate]:
    """Where tasks wait; gone before the executors of the test are shut down, so that none waits for ever."""
    for name in ("pool", "fresh"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
    with Gate(tmp_path) as gate:
        yield gate
