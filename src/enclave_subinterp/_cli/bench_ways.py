"""The ways in which `enclave bench` has its tasks done, all behind one face."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import multiprocessing
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from .. import Enclave, WorkerPoolPresets
from . import bench_tasks

__all__ = ["Way", "ways"]


@dataclass
class Way:
    """One way, ready to be used: `call` does a task and waits for it, `begin` returns what waits for it."""

    name: str
    call: Callable[[str, Any], object]
    begin: Callable[[str, Any], Callable[[], object]] | None


def ways(stack: ExitStack, workers: int, tell: Callable[[str], None]) -> tuple[list[Way], list[str]]:
    """All that this Python has, warm, until the stack is left; and what it does not have, with the reason."""
    found = [Way("inline", _inline, None)]
    missing = []
    tell("threads")
    threads = stack.enter_context(concurrent.futures.ThreadPoolExecutor(workers))
    found.append(_executor("ThreadPoolExecutor", threads))
    tell("enclaves")
    config = dataclasses.replace(
        WorkerPoolPresets.STANDARD, min_workers=workers, max_workers=workers, max_queue_size=10_000
    )
    for name, pristine in (("enclave", True), ("enclave, kept state", False)):
        enclave = stack.enter_context(Enclave(worker_pool_config=config, pristine=pristine))
        found.append(Way(name, _calls(enclave), _begins(enclave)))
    if sys.version_info >= (3, 14):
        tell("interpreters")
        interpreters = stack.enter_context(concurrent.futures.InterpreterPoolExecutor(workers))
        found.append(_executor("InterpreterPoolExecutor", interpreters))
    else:
        missing.append("InterpreterPoolExecutor: Python 3.14 has it")
    tell("processes")
    # Not forked: that is not safe beside threads, and a warm process answers as fast however it was started.
    processes = stack.enter_context(
        concurrent.futures.ProcessPoolExecutor(
            workers, multiprocessing.get_context("spawn"), bench_tasks.leave_interruption
        )
    )
    found.append(_executor("ProcessPoolExecutor", processes))
    for way in found:
        tell(way.name)
        _warm(way, workers)
    return found, missing


def _warm(way: Way, workers: int) -> None:
    """Have every worker started, and the tasks known to it."""
    for task, argument in (("tiny", 1), ("compute", 20_000), ("echo", [1])):
        if way.begin is None:
            way.call(task, argument)
        else:
            for wait in [way.begin(task, argument) for _ in range(4 * workers)]:
                wait()


def _inline(task: str, argument: Any) -> object:
    return getattr(bench_tasks, task)(argument)


def _executor(name: str, executor: concurrent.futures.Executor) -> Way:
    def begin(task: str, argument: Any) -> Callable[[], object]:
        return executor.submit(getattr(bench_tasks, task), argument).result

    return Way(name, lambda task, argument: begin(task, argument)(), begin)


def _calls(enclave: Enclave) -> Callable[[str, Any], object]:
    return lambda task, argument: enclave.run(bench_tasks.TASKS[task], globals={"x": argument}).unwrap()


def _begins(enclave: Enclave) -> Callable[[str, Any], Callable[[], object]]:
    def begin(task: str, argument: Any) -> Callable[[], object]:
        handle = enclave.submit(bench_tasks.TASKS[task], globals={"x": argument})
        return lambda: handle.result().unwrap()

    return begin
