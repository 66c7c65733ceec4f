"""The executors that one suite is run over, each made the same way.

*process* is the model: what `ProcessPoolExecutor` does the others do too, but for what `differences.py` lists.
Its workers are started by a fork server, which gives them interpreters as new and is the default from 3.14 on.
*interpreter* is there from 3.14 on. On 3.13 the package interpreters-pep-734 has one whose first task
never ends (0.5.0 on 3.13.0), on 3.12 its back end crashes the process that imports it.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import pickle
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, Final

from enclave_subinterp import EnclaveExecutor

WORKERS: Final = 2


def process(max_workers: int | None = WORKERS, **options: Any) -> Executor:
    context = multiprocessing.get_context("forkserver")
    # Loaded once, in the server; every worker is a fork of it.
    context.set_forkserver_preload(["concurrent.futures.process", "tests.executor.tasks"])
    return concurrent.futures.ProcessPoolExecutor(max_workers, mp_context=context, **options)


def thread(max_workers: int | None = WORKERS, **options: Any) -> Executor:
    return concurrent.futures.ThreadPoolExecutor(max_workers, **options)


def enclave(max_workers: int | None = WORKERS, **options: Any) -> Executor:
    return EnclaveExecutor(max_workers, **options)


def interpreter(
    max_workers: int | None = WORKERS, initializer: Any = None, initargs: tuple[Any, ...] = (), **options: Any
) -> Executor:
    """Its interpreters do not have the host's sys.path, without which not one task could be loaded."""
    if initializer is not None and not callable(initializer):
        return concurrent.futures.InterpreterPoolExecutor(max_workers, initializer=initializer)  # type: ignore[attr-defined]
    setup = f"import pickle, sys\nsys.path[:] = {sys.path!r}\n"
    if initializer is not None:
        setup += f"call, args = pickle.loads({pickle.dumps((initializer, initargs))!r})\ncall(*args)"
    return concurrent.futures.InterpreterPoolExecutor(  # type: ignore[attr-defined]
        max_workers, initializer=exec, initargs=(setup,), **options
    )


KINDS: Final[dict[str, Callable[..., Executor]]] = {"process": process, "thread": thread, "enclave": enclave}
if hasattr(concurrent.futures, "InterpreterPoolExecutor"):
    KINDS["interpreter"] = interpreter
# Every executor that this version could have: what differences.py may name.
NAMES: Final = ("process", "thread", "interpreter", "enclave")
