"""Errors of tasks, and tasks that cannot be handed over at all."""

from __future__ import annotations

import concurrent.futures
import pickle
import traceback
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import pytest

from enclave_subinterp import EnclaveExecutor, RemoteError
from tests.executor import tasks


def failure(pool: Executor, function: Callable[..., Any], *args: Any) -> BaseException:
    error = pool.submit(function, *args).exception()
    assert error is not None
    return error


def test_type_and_arguments(pool: Executor) -> None:
    error = failure(pool, tasks.throw_made, "PlainError", "text", 2, [3])
    assert type(error) is tasks.PlainError
    assert error.args == ("text", 2, [3])
    with pytest.raises(tasks.PlainError, match="text"):
        pool.submit(tasks.throw_made, "PlainError", "text").result()


ERRORS: dict[str, BaseException] = {
    "ValueError": ValueError("value"),
    "KeyError": KeyError("key"),
    "OSError": FileNotFoundError(2, "No such file", "/nowhere"),
    "UnicodeDecodeError": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    "StopIteration": StopIteration(3),
    "SystemExit": SystemExit(3),
    "KeyboardInterrupt": KeyboardInterrupt(),
    "GeneratorExit": GeneratorExit(),
    "AssertionError": AssertionError(),
    "TimeoutError": TimeoutError("the task's own"),
    "CancelledError": concurrent.futures.CancelledError("the task's own"),
    "BrokenExecutor": concurrent.futures.BrokenExecutor("the task's own"),
    "own BaseException": tasks.OwnBaseError("base"),
    "more than its arguments": tasks.DetailedError("text", 7),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(pool: Executor, name: str) -> None:
    thrown = ERRORS[name]
    error = failure(pool, tasks.throw, thrown)
    assert type(error) is type(thrown)
    assert error.args == thrown.args
    assert str(error) == str(thrown)
    assert getattr(error, "code", None) == getattr(thrown, "code", None)
    # AND the pool goes on
    assert pool.submit(tasks.square, 3).result() == 9


def test_fields_of_os_errors(pool: Executor) -> None:
    error = failure(pool, open, "/nowhere/at/all")
    assert isinstance(error, FileNotFoundError)
    assert (error.errno, error.filename) == (2, "/nowhere/at/all")


def test_group(pool: Executor) -> None:
    error = failure(pool, tasks.throw_group)
    assert isinstance(error, ExceptionGroup)
    assert [type(inner) for inner in error.exceptions] == [ValueError, TypeError, ExceptionGroup]
    assert error.split(KeyError)[0] is not None


def test_notes(pool: Executor) -> None:
    assert failure(pool, tasks.throw_with_notes, "first", "second").__notes__ == ["first", "second"]


def test_attributes(pool: Executor) -> None:
    assert failure(pool, tasks.throw_with_attribute).cargo == {"weight": 3}  # type: ignore[attr-defined]


def test_remote_traceback(pool: Executor) -> None:
    """The cause tells where in the task it was, as the worker would have printed it."""
    cause = str(failure(pool, tasks.reciprocal, 0).__cause__)
    assert "Traceback (most recent call last)" in cause
    assert "in reciprocal" in cause
    assert "return 1 / number" in cause
    assert "ZeroDivisionError: division by zero" in cause


def test_remote_traceback_when_printed(pool: Executor) -> None:
    error = failure(pool, tasks.reciprocal, 0)
    text = "".join(traceback.format_exception(error))
    assert "in reciprocal" in text
    assert text.rstrip().endswith("ZeroDivisionError: division by zero")


def test_cause_in_the_remote_traceback(pool: Executor) -> None:
    text = "".join(traceback.format_exception(failure(pool, tasks.throw_from)))
    assert "in deep_failure" in text
    assert "KeyError: 'the very cause'" in text
    assert "The above exception was the direct cause of the following exception" in text


def test_recursion(pool: Executor) -> None:
    error = failure(pool, tasks.recurse)
    assert isinstance(error, RecursionError)
    assert pool.submit(tasks.square, 3).result() == 9


def test_same_error_whichever_way_it_is_asked_for(pool: Executor) -> None:
    future = pool.submit(tasks.reciprocal, 0)
    error = future.exception()
    with pytest.raises(ZeroDivisionError) as caught:
        future.result()
    assert caught.value is error


# --- What cannot be handed over ------------------------------------------------------------------------------------

PICKLING = (pickle.PicklingError, AttributeError, TypeError)


def test_argument_that_cannot_be_pickled(pool: Executor) -> None:
    with pytest.raises(pickle.PicklingError, match="not this one"):
        pool.submit(tasks.identity, tasks.Unpicklable()).result()
    assert pool.submit(tasks.square, 3).result() == 9


def test_function_that_cannot_be_pickled(pool: Executor) -> None:
    def inner() -> None:
        pass

    for function in (inner, lambda: None):
        assert isinstance(failure(pool, function), PICKLING)
    assert pool.submit(tasks.square, 3).result() == 9


def test_submit_itself_does_not_raise(pool: Executor) -> None:
    future = pool.submit(lambda: None)
    assert isinstance(future.exception(), PICKLING)


def test_result_that_cannot_be_pickled(pool: Executor) -> None:
    with pytest.raises(pickle.PicklingError, match="not this one"):
        pool.submit(tasks.make, "Unpicklable").result()
    assert pool.submit(tasks.square, 3).result() == 9


def test_error_that_cannot_be_pickled(pool: Executor) -> None:
    error = failure(pool, tasks.throw_made, "HolderError")
    assert isinstance(error, PICKLING)
    assert "lock" in str(error)
    assert pool.submit(tasks.square, 3).result() == 9


def test_error_that_cannot_be_loaded(fresh: Callable[..., Executor]) -> None:
    pool = fresh(1)
    error = failure(pool, tasks.throw_made, "LopsidedError", "text", 3)
    assert "LopsidedError" in "".join(traceback.format_exception(error))
    assert pool.submit(tasks.square, 3).result() == 9


def test_result_that_cannot_be_loaded(fresh: Callable[..., Executor]) -> None:
    pool = fresh(1)
    error = failure(pool, tasks.make, "Unloadable")
    assert "not loadable" in "".join(traceback.format_exception(error))
    assert pool.submit(tasks.square, 3).result() == 9


def test_argument_that_cannot_be_loaded(fresh: Callable[..., Executor]) -> None:
    pool = fresh(1)
    error = failure(pool, tasks.identity, tasks.Unloadable())
    assert "not loadable" in "".join(traceback.format_exception(error))
    assert pool.submit(tasks.square, 3).result() == 9


@pytest.mark.parametrize(("name", "code"), [("QuitsWhenPickled", 4), ("QuitsWhenLoaded", 5)])
def test_value_that_quits(name: str, code: int) -> None:
    """Processes break over the second."""
    with EnclaveExecutor(1) as pool:
        error = failure(pool, tasks.make, name)
        assert isinstance(error, SystemExit)
        assert error.code == code
        assert pool.submit(tasks.square, 3).result() == 9


def test_error_that_quits() -> None:
    with EnclaveExecutor(1) as pool:
        error = failure(pool, tasks.throw_made, "QuittingError")
        assert isinstance(error, RemoteError)
        assert error.type_name == "QuittingError"
        assert pool.submit(tasks.square, 3).result() == 9
