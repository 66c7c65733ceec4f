"""`EnclaveExecutor`: a process pool's contract on subinterpreters, for trusted functions.

    submit ── pickled by the caller ──▶ pool (_pool/) ──▶ a driver thread waits on the worker's slot
                                                              │ prints, progress, wishes for extension modules
    future ◀── unpickled by the driver ───────────────────────┘

Queue, workers, replacement and exit are the pool's; a worker's preparation and its runs are those of
`_adapters/tasks.py`; what runs in the slot is guest/tasks.py.
"""

from __future__ import annotations

import _thread
import itertools
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, final

from . import __all__ as _public_names
from ._adapters import RunSettings
from ._adapters.task import Task
from ._engines import End, inside
from ._log import Log
from ._pool import Pool
from ._pool.submitted import withdraw_all
from .config import (
    MB,
    WorkerPoolConfig,
    check_callable,
    check_flag,
    check_int,
    check_seconds,
    check_size,
    shown,
)
from .errors import EnclaveUsageError, PoolClosedError, UnsupportedPlatformError
from .future import BrokenEnclaveError, EnclaveFuture
from .stats import PoolStats
from .worker import WorkerInfo

__all__ = ["EnclaveExecutor"]

_log = Log("enclave_subinterp.executor")

# Where nothing is said a worker may hold what the machine has, and the workers together what there are addresses for.
_ADDRESSES: Final = 512 * 1024 * MB
_CHUNK, _SHARE = 2, 64  # those of task_messages, which is loaded with the core


@dataclass(repr=False, eq=False)
class _Options:
    timeout: float
    memory_limit: int
    on_progress: Callable[[Any], object] | None
    share_buffers: bool


class _Chunk:
    """A function that is called for each of a chunk's argument tuples, in a worker."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, chunk: list[tuple[Any, ...]]) -> list[Any]:
        return [self.function(*one) for one in chunk]


class _Core:
    """What executor and futures share; the executor itself is nobody's, so that it can be collected."""

    def __init__(
        self,
        config: WorkerPoolConfig,
        first: tuple[Callable[..., object], tuple[Any, ...]] | None,
        limited: bool,
    ) -> None:
        self.error: BrokenEnclaveError | None = None
        self.closing = False
        try:
            from ._adapters import task_messages, tasks
        except ImportError as error:
            raise UnsupportedPlatformError(f"the native core cannot be loaded: {error}") from error
        # By that name, as multiprocessing's, workers know the main module: what is defined there comes back with it.
        sys.modules["__mp_main__"] = sys.modules["__main__"]
        self._pack = task_messages.pack
        packed = None if first is None else self._pack(*first, {})
        adapter = tasks.TaskAdapter(_settings(config), packed, _homes(), self.break_down, limited)
        self.pool = Pool(adapter, config)
        self.pool.grace = math.inf  # at exit what was submitted is done, as by processes

    def enter(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        options: _Options,
        more: int,
        end: End | None = None,
    ) -> EnclaveFuture:
        if self.error is not None:
            raise BrokenEnclaveError(str(self.error)) from self.error.__cause__
        pool = self.pool
        pool.check_owner("submit")
        if self.closing:
            raise PoolClosedError("cannot schedule new futures after shutdown")
        if not pool.submits:
            raise PoolClosedError("cannot schedule new futures after interpreter shutdown")
        future = EnclaveFuture(self.broken, end)
        try:
            request, buffers = self._pack(function, args, kwargs, more)
        except Exception as error:  # noqa: BLE001 - whatever pickling raises is for the future, as with processes
            future.set_exception(error)
            return future
        task = Task(
            request,
            buffers,
            options.timeout,
            future._begin,
            future._put_off,
            options.memory_limit,
            options.on_progress,
        )
        pool.enter(future._bind(pool, task))
        return future

    def broken(self) -> BaseException | None:
        return self.error

    def break_down(self, cause: BaseException) -> BaseException:
        """A worker could not be brought to its first task: every pending one fails, and no more are taken."""
        if self.error is None:
            _log.critical("Exception in initializer:", exc_info=cause)
            error = BrokenEnclaveError(
                f"a worker could not be made ready ({type(cause).__name__}: {cause});"
                " the executor is not usable anymore"
            )
            error.__cause__ = cause
            self.error = error
            pool = self.pool
            pool.drivers.chore(partial(pool.close, 0.0))
        return self.error


class _Submitting(Executor):
    """`submit` and `map` with options, for the executor and its views."""

    _core: _Core
    _options: _Options

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> EnclaveFuture:
        """Have ``fn(*args, **kwargs)`` called in a worker; its future, an `EnclaveFuture`, at once.

        Args:
            fn: a function that pickle finds by its name, or any if cloudpickle is installed.
            args: its arguments, pickled at once; buffers of them that pickle has out of band are not copied yet.
            kwargs: its arguments by name, all of them: options of a task are given by ``options()``.

        Raises:
            BrokenEnclaveError: an initializer has failed.
            PoolClosedError: after `shutdown`, and while the process exits; it is a RuntimeError.
            EnclaveUsageError: in the child of a fork.

        What cannot be pickled is told by the future.
        """
        more = _SHARE if self._options.share_buffers else 0
        if isinstance(fn, _Chunk):
            return self._core.enter(fn.function, args[0], kwargs, self._options, more | _CHUNK)
        call = inside(fn, args, kwargs)
        if call is not None:
            return self._core.enter(call.function, call.args, call.kwargs, self._options, more, call.end)
        return self._core.enter(fn, args, kwargs, self._options, more)

    def map(
        self,
        fn: Callable[..., Any],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        **options: Any,
    ) -> Iterator[Any]:
        """As ``ProcessPoolExecutor.map``: the values in the order of the arguments.

        Args:
            timeout: seconds from now after which the iterator raises TimeoutError.
            chunksize: how many calls a task has.
            options: `buffersize` on Python 3.14 and later: how many calls are submitted ahead of the values taken.

        Raises:
            ValueError: `chunksize` is less than 1.
            BrokenEnclaveError, RuntimeError: as for `submit`.
        """
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        if chunksize == 1:
            return super().map(fn, *iterables, timeout=timeout, **options)
        chunks = itertools.batched(zip(*iterables, strict=False), chunksize)
        results: Iterator[list[Any]] = super().map(_Chunk(fn), chunks, timeout=timeout, **options)
        return _in_order(results)


@final
class _View(_Submitting):
    """What `EnclaveExecutor.options` gives."""

    def __init__(self, executor: EnclaveExecutor, options: _Options) -> None:
        self._executor = executor  # which is not to be collected before its views
        self._core = executor._core
        self._options = options

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut the executor down that this is a view of."""
        self._executor.shutdown(wait, cancel_futures=cancel_futures)


@final
class EnclaveExecutor(_Submitting):
    """A ``concurrent.futures.Executor`` whose workers are subinterpreters in this process, for *trusted* functions.

    A program that uses ``ProcessPoolExecutor`` changes the line that makes it.  Functions, arguments and values are
    pickled as there; lambdas and closures cross if cloudpickle is installed.  Beyond it, one task's time-out, kill,
    crash, ``os._exit()`` or memory limit fails its own future alone, and its worker, put back to its state after the
    initializer, goes on.  ``docs/executor.md`` lists the differences.

    Args:
        max_workers: how many there may be; None for one for each usable processor.
        initializer: called in each worker before its first task; if it raises, the executor is broken.
        initargs: what it is called with.
        max_tasks_per_child: tasks after which a worker is replaced by a new one; None for never.
        mp_context: accepted for the sake of programs written for processes; there are none.
        task_timeout: seconds that a task may run, its wait for a worker not included; None for as long as it takes.
        memory_limit_per_worker: bytes that a worker's interpreter may hold; None for what the machine has.  With a
            limit, a worker whose tasks left it with more than three quarters of that is replaced by a new one.
        config: a `WorkerPoolConfig` for the rest, such as `idle_timeout`, `spare_workers` or callbacks; the arguments
            above come before its fields, and its `graceful_shutdown_timeout` and message limits do not count.

    Raises:
        TypeError, ValueError: an argument is wrong.
        UnsupportedPlatformError: the platform cannot do what is promised.
        EnclaveUsageError: in a subinterpreter; at the exit of the process.
    """

    def __init__(
        self,
        max_workers: int | None = None,
        *,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        max_tasks_per_child: int | None = None,
        mp_context: object = None,  # noqa: ARG002 - it says how processes are started
        task_timeout: float | None = None,
        memory_limit_per_worker: int | None = None,
        config: WorkerPoolConfig | None = None,
    ) -> None:
        _check_interpreter()
        pool_config = _pool_config(config, max_workers, max_tasks_per_child, memory_limit_per_worker)
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._options = _Options(_timeout("task_timeout", task_timeout), 0, None, False)
        limited = memory_limit_per_worker is not None or config is not None
        first = None if initializer is None else (initializer, tuple(initargs))
        self._core = _Core(pool_config, first, limited)

    def options(
        self,
        *,
        timeout: float | None = None,
        memory_limit: int | None = None,
        on_progress: Callable[[Any], object] | None = None,
        share_buffers: bool = False,
    ) -> _Submitting:
        """An executor on the same workers whose tasks have these options; to shut it down is to shut this one down.

        Args:
            timeout: seconds that a task may run; None for the executor's `task_timeout`, ``math.inf`` for no limit.
            memory_limit: bytes that a task may allocate beyond what its worker held; None for the worker's limit.
            on_progress: called with each value that the task gives to `report_progress`, in order, on the thread that
                serves the task; an exception in it is logged and hurts nothing.
            share_buffers: lend writable out-of-band buffers of the arguments in place: tasks and program then share
                that memory, and what a task writes the program sees.  Otherwise a task has a copy.

        Raises:
            TypeError, ValueError: an argument is wrong; the message names it, what came and what was expected.
        """
        check_callable("on_progress", on_progress, "(value)")
        if memory_limit is not None:
            check_size("memory_limit", memory_limit, minimum=1)
        seconds = self._options.timeout if timeout is None else _timeout("timeout", timeout)
        return _View(
            self,
            _Options(seconds, memory_limit or 0, on_progress, check_flag("share_buffers", share_buffers)),
        )

    def stats(self) -> PoolStats:
        """What the workers are doing and have done; also after `shutdown`."""
        return self._core.pool.stats()

    def workers(self) -> list[WorkerInfo]:
        """The living workers, in the order of their start."""
        return self._core.pool.workers()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks, and end the workers once those are done that were submitted.

        Args:
            wait: return only then.
            cancel_futures: cancel those that have not begun.
        """
        self._core.closing = True
        pool = self._core.pool
        if pool.in_child:
            return
        if cancel_futures:
            for ticket in withdraw_all(pool):
                assert isinstance(ticket.handle, EnclaveFuture)
                ticket.handle._cancel(True)
        if wait:
            pool.close(math.inf)
        elif not pool.closed:
            pool.drivers.chore(partial(pool.close, math.inf))

    def __del__(self) -> None:
        core = getattr(self, "_core", None)
        if core is not None and not core.pool.closed and not core.pool.is_owned():
            core.pool.drivers.chore(
                partial(core.pool.close, math.inf)
            )  # what was submitted is done nevertheless

    def __repr__(self) -> str:
        core = self._core
        state = "broken" if core.error is not None else "shut down" if core.closing else "open"
        return f"<EnclaveExecutor {state}>"


def _in_order(chunks: Iterable[list[Any]]) -> Iterator[Any]:
    for chunk in chunks:
        chunk.reverse()
        while chunk:  # the values of what was yielded are not kept alive
            yield chunk.pop()


def _timeout(name: str, value: float | None) -> float:
    return math.inf if value is None else check_seconds(name, value, infinite=True)


def _check_interpreter() -> None:
    is_main = getattr(_thread, "_is_main_interpreter", None)  # in CPython 3.12 and later
    if is_main is not None and not is_main():
        raise EnclaveUsageError("an EnclaveExecutor can be made in the main interpreter only")


def _usable_processors() -> int:
    count = getattr(os, "process_cpu_count", None)  # in CPython 3.13 and later
    return (count() if count is not None else len(os.sched_getaffinity(0))) or 1


def _pool_config(
    config: WorkerPoolConfig | None, max_workers: object, max_tasks: object, memory_limit: int | None
) -> WorkerPoolConfig:
    """The pool's configuration; complaints in the words of ProcessPoolExecutor where it has the argument too."""
    given: dict[str, Any] = {}
    if max_workers is not None:
        if isinstance(max_workers, int) and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        given["max_workers"] = check_int("max_workers", max_workers, minimum=1)
    if max_tasks is not None:
        if not isinstance(max_tasks, int):
            raise TypeError("max_tasks_per_child must be an integer")
        if max_tasks <= 0:
            raise ValueError("max_tasks_per_child must be >= 1")
        given["max_executions_per_worker"] = max_tasks
    if memory_limit is not None:
        given["memory_limit_per_worker"] = memory_limit
    if config is not None:
        if not isinstance(config, WorkerPoolConfig):
            raise TypeError(f"config: expected a WorkerPoolConfig or None, got {shown(config)}")
        if given.get("max_workers", config.max_workers) < config.min_workers:
            given["min_workers"] = given["max_workers"]
        return replace(config, **given)
    workers = given.setdefault("max_workers", _usable_processors())
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    given.setdefault("memory_limit_per_worker", max(64 * MB, min(machine, _ADDRESSES // workers)))
    given.setdefault("max_executions_per_worker", sys.maxsize)
    return WorkerPoolConfig(
        min_workers=0,
        idle_timeout=math.inf,
        queue_timeout=math.inf,
        max_queue_size=sys.maxsize,
        warm_on_init=False,
        **given,
    )


def _settings(config: WorkerPoolConfig) -> RunSettings:
    """What the parts that executors and enclaves share want to know."""
    return RunSettings(
        pool=config,
        timeout=math.inf,
        cpu_limit=None,
        tool_timeout=None,
        max_tool_calls=sys.maxsize,
        max_iterations=None,
        max_output_calls=sys.maxsize,
        max_output_bytes=sys.maxsize,
        strip_paths=False,
        pristine=False,
        globals=None,
        security_level="PERMISSIVE",
        allowed_modules=None,
        tool_handler=None,
        on_output=_write,
    )


def _write(stream: str, text: str) -> None:
    """What a task prints."""
    target = sys.stdout if stream == "stdout" else sys.stderr
    if target is not None:
        target.write(text)


def _homes() -> dict[str, str]:
    """The public names of the package and the modules that they come from, for scripts that import them in a task."""
    package = sys.modules[__package__]
    homes = {}
    for name in _public_names:
        if name not in {"EnclaveExecutor", "report_progress"}:
            module = f"{__package__}.{package._LATER[name]}" if name in package._LATER else None
            home = module or getattr(getattr(package, name), "__module__", None)
            if isinstance(home, str):
                homes[name] = home
    return homes
