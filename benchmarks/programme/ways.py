"""The ways in which tasks are done, ours and the peers', all behind one face."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import functools
import importlib
import multiprocessing
import sys
import time
from collections.abc import Callable, Collection
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from benchmarks import _measure
from benchmarks.programme import tasks
from benchmarks.programme.figures import Turns

# Names as they stand in the tables.
INLINE: Final = "inline adapter"
THREADS: Final = "ThreadPoolExecutor"
PRISTINE: Final = "enclave, rewound"
IDLE: Final = "enclave, rewound, idle before"
KEPT: Final = "enclave, kept state"
EXECUTOR: Final = "EnclaveExecutor"
INTERPRETERS: Final = "InterpreterPoolExecutor"
BARE: Final = "bare subinterpreter, no hand-over"
FORK: Final = "ProcessPoolExecutor, fork"
FORKSERVER: Final = "ProcessPoolExecutor, forkserver"
SPAWN: Final = "ProcessPoolExecutor, spawn"
PEBBLE: Final = "Pebble"
LOKY: Final = "loky"
MONTY: Final = "Monty, kept session"
MONTY_FRESH: Final = "Monty, fresh checkout"

OURS: Final = (PRISTINE, IDLE, KEPT, EXECUTOR, INLINE)
# Forked first, while there are the fewest threads; in this order they stand in the tables, too.
ALL: Final = (
    FORK, FORKSERVER, SPAWN, LOKY, PEBBLE, INLINE, THREADS, PRISTINE, IDLE, KEPT, EXECUTOR,
    INTERPRETERS, BARE, MONTY, MONTY_FRESH,
)  # fmt: skip


class MissingError(Exception):
    """A peer that is not here; the message says why."""


@dataclass
class Way:
    """One way, ready to be used.

    Attributes:
        call: does a task and waits for it.
        begin: returns what waits for it; None where there is only waiting.
        executor: of `concurrent.futures`, if it is one.
        before: what to wait for before each call, outside of the measured time.
    """

    name: str
    call: Callable[[str, Any], Any]
    begin: Callable[[str, Any], Callable[[], Any]] | None = None
    executor: Executor | None = None
    before: Callable[[], None] | None = None

    def turns(self, task: str, argument: Any) -> Turns:
        """The times of so many calls."""
        clock = time.perf_counter
        call, before = self.call, self.before

        def take(count: int) -> list[float]:
            took = []
            for _ in range(count):
                if before is not None:
                    before()
                start = clock()
                call(task, argument)
                took.append(clock() - start)
            return took

        return take


def open_ways(
    stack: ExitStack, wanted: Collection[str], workers: int = 1, message: int = 64 * _measure.MB
) -> tuple[dict[str, Way], dict[str, str]]:
    """Those that are here, each with so many workers, all of them used; and those that are not, with the reason."""
    found: dict[str, Way] = {}
    missing: dict[str, str] = {}
    for name in ALL:
        if name in wanted:
            try:
                found[name] = _MAKERS[name](stack, name, workers, message)
            except MissingError as reason:
                missing[name] = str(reason)
            else:
                _warm(found[name], workers)  # now: a pool forks at its first task
    return found, missing


def _warm(way: Way, workers: int) -> None:
    if way.begin is None:
        way.call("tiny", 1)
        return
    for wait in [way.begin("count", 50_000) for _ in range(3 * workers)]:
        wait()


def _pool(name: str, executor: Executor) -> Way:
    def begin(task: str, argument: Any) -> Callable[[], Any]:
        return executor.submit(getattr(tasks, task), argument).result

    return Way(name, lambda task, argument: begin(task, argument)(), begin, executor)


def _threads(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    return _pool(name, stack.enter_context(concurrent.futures.ThreadPoolExecutor(workers)))


def processes(method: str, workers: int) -> Executor:
    """A pool of processes started in that way."""
    context = multiprocessing.get_context(method)
    return concurrent.futures.ProcessPoolExecutor(workers, mp_context=context)


def _processes(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    return _pool(name, stack.enter_context(processes(name.rpartition(" ")[2], workers)))


def interpreters(workers: int) -> Executor:
    """The standard library's; its interpreters do not have the host's sys.path."""
    kind = getattr(concurrent.futures, "InterpreterPoolExecutor", None)
    if kind is None:
        raise MissingError("Python 3.14 has it")
    made: Executor = kind(workers, initializer=exec, initargs=(f"import sys\nsys.path[:] = {sys.path!r}",))
    return made


def _interpreters(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    return _pool(name, stack.enter_context(interpreters(workers)))


def _bare(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    if hasattr(concurrent.futures, "InterpreterPoolExecutor"):
        raise MissingError("InterpreterPoolExecutor stands for it")
    plain = _measure.Plain()
    stack.callback(plain.destroy)

    def call(task: str, argument: Any) -> None:
        if task != "tiny":
            raise MissingError("it takes no arguments and gives no values")
        plain.exec("1+1")

    return Way(name, call)


def _loky(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    loky = _module("loky")
    return _pool(name, stack.enter_context(contextlib.closing(_Shut(loky.ProcessPoolExecutor(workers)))).pool)


class _Shut:
    """An executor that is closed by being shut down at once: loky's waits for its idle workers otherwise."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool

    def close(self) -> None:
        self.pool.shutdown(wait=True, kill_workers=True)


def _pebble(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    pool = _module("pebble").ProcessPool(
        max_workers=workers, context=multiprocessing.get_context("forkserver")
    )
    stack.callback(pool.join)
    stack.callback(pool.close)

    def begin(task: str, argument: Any) -> Callable[[], Any]:
        result: Callable[[], Any] = pool.schedule(getattr(tasks, task), args=(argument,)).result
        return result

    return Way(name, lambda task, argument: begin(task, argument)(), begin)


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingError(f"not installed ({error})") from error


def enclave(workers: int, *, pristine: bool, message: int = 64 * _measure.MB, **options: Any) -> Any:
    """With so many workers, which nothing replaces; large messages fit."""
    from enclave_subinterp import Enclave, WorkerPoolPresets

    config = dataclasses.replace(
        WorkerPoolPresets.STANDARD,
        min_workers=workers,
        max_workers=workers,
        max_queue_size=20_000,
        max_executions_per_worker=10**9,
        idle_timeout=float("inf"),
        max_message_size=message + _measure.MB,
    )
    if options.get("adapter") != "inline":  # which has no limit but its level's
        config = dataclasses.replace(config, memory_limit_per_worker=512 * _measure.MB)
    return Enclave(worker_pool_config=config, pristine=pristine, **options)


def idle_slot(made: Any) -> Any:
    """The slot of an enclave's only worker."""
    (worker,) = made._pool.staff.workers
    return worker._slot


def _script(name: str, made: Any) -> Way:
    def variables(task: str, argument: Any) -> dict[str, Any] | None:
        return None if task == "tiny" else {"x": argument}

    def call(task: str, argument: Any) -> Any:
        return made.run(tasks.SCRIPTS[task], globals=variables(task, argument)).unwrap()

    def begin(task: str, argument: Any) -> Callable[[], Any]:
        handle = made.submit(tasks.SCRIPTS[task], globals=variables(task, argument))
        return lambda: handle.result().unwrap()

    return Way(name, call, begin)


def _inline(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    made = stack.enter_context(enclave(workers, pristine=True, message=message, adapter="inline"))
    return dataclasses.replace(_script(name, made), begin=None)


def _enclave(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    return _script(name, stack.enter_context(enclave(workers, pristine=name != KEPT, message=message)))


def _idle(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    if workers != 1:
        raise MissingError("measured with one worker")
    made = stack.enter_context(enclave(1, pristine=True, message=message))
    slot = idle_slot(made)
    wait = functools.partial(_measure.until, slot, _measure.IDLE)
    return Way(name, _script(name, made).call, before=wait)


def _executor(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    from enclave_subinterp import EnclaveExecutor

    return _pool(name, stack.enter_context(EnclaveExecutor(workers)))


def _monty(stack: ExitStack, name: str, workers: int, message: int) -> Way:
    pool = stack.enter_context(_module("pydantic_monty").Monty(max_processes=max(workers, 1)))
    if name == MONTY:
        session = stack.enter_context(pool.checkout())
        return Way(name, functools.partial(_feed, session))

    def call(task: str, argument: Any) -> Any:
        with pool.checkout() as session:
            return _feed(session, task, argument)

    return Way(name, call)


def _feed(session: Any, task: str, argument: Any) -> Any:
    return session.feed_run(tasks.SCRIPTS[task], inputs=None if task == "tiny" else {"x": argument})


_MAKERS: Final[dict[str, Callable[[ExitStack, str, int, int], Way]]] = {
    FORK: _processes,
    FORKSERVER: _processes,
    SPAWN: _processes,
    LOKY: _loky,
    PEBBLE: _pebble,
    INLINE: _inline,
    THREADS: _threads,
    PRISTINE: _enclave,
    IDLE: _idle,
    KEPT: _enclave,
    EXECUTOR: _executor,
    INTERPRETERS: _interpreters,
    BARE: _bare,
    MONTY: _monty,
    MONTY_FRESH: _monty,
}
