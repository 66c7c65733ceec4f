"""`Enclave`: the public face of a pool of workers, for programs that wait for their scripts."""

from __future__ import annotations

import _thread
import inspect
import keyword
import os
import warnings
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self, final

from ._adapters import ADAPTERS, PLANNED_ADAPTERS, RunSettings, ScriptAdapter
from ._closing import Closing
from ._pool import Pool, RunHandle
from ._pool.holding import take
from .config import WorkerPoolConfig, check_callable, check_flag, check_int, check_seconds, shown
from .errors import EnclaveUsageError, UnsupportedPlatformError
from .presets import SecurityLevel
from .result import RunResult
from .session import Session, SessionState
from .stats import PoolStats
from .worker import WorkerInfo

if TYPE_CHECKING:
    from .observe import StatsServer

__all__ = ["Enclave", "EnclaveBase", "LevelDefault"]


class LevelDefault(Enum):
    """The marker for "as the security level has it" where None means something else."""

    LEVEL_DEFAULT = "the security level's"


_LEVEL_DEFAULT: Final = LevelDefault.LEVEL_DEFAULT


class EnclaveBase:
    """What `Enclave` and `AsyncEnclave` share: arguments, adapter and pool."""

    _adapter: ScriptAdapter
    _pool: Pool | None = None

    def __init__(
        self,
        *,
        adapter: str = "subinterpreter",
        security_level: SecurityLevel | str = SecurityLevel.STANDARD,
        worker_pool_config: WorkerPoolConfig | None = None,
        tool_handler: Callable[[str, dict[str, Any]], Any] | None = None,
        timeout: float | None = None,
        cpu_limit: float | None = None,
        tool_timeout: float | None = None,
        max_tool_calls: int | None = None,
        max_iterations: int | LevelDefault | None = _LEVEL_DEFAULT,
        max_output_bytes: int | None = None,
        max_output_calls: int | None = None,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the contract's name
        allowed_modules: Collection[str] | None = None,
        pristine: bool = True,
        on_output: Callable[[str, str], object] | None = None,
    ) -> None:
        _check_interpreter()
        _check_adapter(adapter)
        level = _level(security_level)
        limits = level.limits
        if worker_pool_config is None:
            worker_pool_config = level.pool_config
        elif not isinstance(worker_pool_config, WorkerPoolConfig):
            raise TypeError(
                "worker_pool_config: expected a WorkerPoolConfig such as WorkerPoolPresets.STRICT, got"
                f" {shown(worker_pool_config)}"
            )
        self._check_handler(tool_handler)
        check_callable("on_output", on_output, "(stream: str, text: str)")
        if isinstance(max_iterations, LevelDefault):
            max_iterations = limits.max_iterations
        elif max_iterations is not None:
            check_int("max_iterations", max_iterations, minimum=1)
        settings = RunSettings(
            pool=worker_pool_config,
            timeout=limits.timeout if timeout is None else check_seconds("timeout", timeout, infinite=True),
            cpu_limit=None if cpu_limit is None else check_seconds("cpu_limit", cpu_limit),
            tool_timeout=None if tool_timeout is None else check_seconds("tool_timeout", tool_timeout),
            max_tool_calls=(
                limits.max_tool_calls
                if max_tool_calls is None
                else check_int("max_tool_calls", max_tool_calls, minimum=0)
            ),
            max_iterations=max_iterations,
            max_output_calls=(
                limits.max_output_calls
                if max_output_calls is None
                else check_int("max_output_calls", max_output_calls, minimum=1)
            ),
            max_output_bytes=(
                limits.max_output_bytes
                if max_output_bytes is None
                else check_int("max_output_bytes", max_output_bytes, minimum=1)
            ),
            strip_paths=limits.strip_paths,
            pristine=check_flag("pristine", pristine),
            globals=None if globals is None else _variables(globals),
            security_level=level.value,
            allowed_modules=None if allowed_modules is None else _modules(allowed_modules),
            tool_handler=tool_handler,
            on_output=on_output,
        )
        self._settings = settings
        self._adapter_name = str(adapter)
        self._adapter = _load_adapter(adapter, settings)
        self._shown_on: list[StatsServer] = []
        self._open()
        if (asked := os.environ.get("ENCLAVE_STATS_SOCKET")) is not None:
            from .observe import serve_process

            serve_process(self, asked)

    def stats(self) -> PoolStats:
        """What the pool is doing and has done; also after `close`."""
        return self._pool_once_made("stats").stats()

    def workers(self) -> list[WorkerInfo]:
        """The living workers as they are now, in the order of their start, and the spare ones."""
        return self._pool_once_made("workers").workers()

    def serve_stats(
        self, path: str | os.PathLike[str] | None = None, *, name: str | None = None
    ) -> StatsServer:
        """Show this enclave's figures to ``enclave top`` on a Unix socket, until it or the enclave is closed.

        The variable ENCLAVE_STATS_SOCKET ("auto", or a path) has it done for every enclave of a process.

        Args:
            path: where; its folder must be this user's alone.  None: a place that ``enclave top`` finds by itself.
            name: what the enclave is called there; None for a number.

        Raises:
            TypeError, ValueError: an argument is wrong.
            OSError: the socket cannot be made.
            PoolClosedError, EnclaveUsageError: the enclave cannot be used any more.
        """
        from .observe import StatsServer

        if self._pool is not None:
            self._pool.check_usable("serve_stats")
        server = StatsServer(path, self, name)
        self._shown_on.append(server)
        return server

    def _pool_once_made(self, what: str) -> Pool:
        if self._pool is None:
            raise EnclaveUsageError(
                f"{what}() was called before the enclave was entered; use it with `async with`"
            )
        return self._pool

    def _hide(self) -> None:
        """End what `serve_stats` has begun."""
        while self._shown_on:
            self._shown_on.pop().close()

    def __del__(self) -> None:
        pool = getattr(self, "_pool", None)
        if pool is not None and not pool.closed:
            warnings.warn(
                f"unclosed {self!r}: use it as a context manager or call close()", ResourceWarning, 2, self
            )
            pool.discard()

    def __repr__(self) -> str:
        state = "closed" if self._pool is None or self._pool.closed else "open"
        return f"<{type(self).__name__} {self._adapter_name} {state}>"

    def _open(self) -> None:
        """Make the pool, unless that has to wait."""
        self._pool = Pool(self._adapter, self._settings.pool)

    @staticmethod
    def _check_handler(handler: object) -> None:
        _check_handler(handler)

    def _open_pool(self, what: str) -> Pool:
        """The pool, if it takes scripts; the error that says why not comes before any complaint of arguments."""
        pool = self._pool
        assert pool is not None
        pool.check_usable(what)
        return pool


@final
class Enclave(EnclaveBase, Closing):
    """Runs other people's Python in a pool of workers.

    Every method may be called from any thread of the host.  Close it when it is no longer needed, or use it as a
    context manager; an enclave that is dropped without is closed with a ResourceWarning.

    Args:
        adapter: what workers are made of: "subinterpreter", or "inline" for code that you trust: it runs in the calling
            thread and in this interpreter, without any isolation.  What that cannot enforce is refused (STRICT, SECURE,
            `cpu_limit`, a memory limit) or advisory (time limits, ``kill()``): ``capabilities("inline")``.
        security_level: a `SecurityLevel` or its name; gives the limits that are not given here.
        worker_pool_config: the pool; by default the preset of the security level.
        tool_handler: called as ``handler(name, args)`` for each ``call_tool`` of a script, on the thread that waits for
            the run (of a submitted script: a driver).  Its value, or the exception it raises, goes to the script.
            Where a script goes on during a call, as with several ``acall_tool`` at once, it is called on helper threads
            (at most ``max_pending_tool_calls`` of the pool, started as needed): it must allow for being called by
            several threads at a time.
        timeout: seconds of wall clock for a run; None for the level's, ``math.inf`` for no limit.
        cpu_limit: seconds of processor time for a run; None for no limit.
        tool_timeout: seconds that one tool call may take; None for no limit.  A handler cannot be interrupted: on a
            helper thread the script has its ToolError (``name`` is "TimeoutError") at the deadline, while the handler
            goes on and what it returns is dropped; on the thread that waits for the run, once the handler returns, and
            a blocking `run` whose own timeout is over returns only after the handler does.
        max_tool_calls: tool calls of one run; None for the security level's.
        max_iterations: loop turns of one run; None switches the count off; not given: the security level's.
        max_output_bytes: bytes that one run may write to stdout and stderr; None for the security level's.
        max_output_calls: how often it may write; None for the security level's.
        globals: names that every script finds, with values that can cross.
        allowed_modules: what scripts may import; None for the security level's.
        pristine: every run starts in an interpreter as new (inline: in a new namespace, no more); False keeps what a
            run leaves in its worker.
        on_output: called as ``on_output(stream, text)`` with "stdout" or "stderr" as the text comes, on the thread that
            waits for the run; an exception in it is logged and hurts nothing.

    Raises:
        TypeError, ValueError: an argument is wrong; the message names it, what came and what was expected.
        UnsupportedPlatformError: the platform cannot enforce what the arguments require.
        WorkerStartupError: the first workers could not be started.
        EnclaveUsageError: in a subinterpreter; at the exit of the process, once the enclaves have been closed.
    """

    def run(
        self,
        code: str,
        *,
        timeout: float | None = None,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the contract's name
    ) -> RunResult:
        """Run a script and wait for its end.

        Its value is a top-level ``return``, else the value of its last expression, else None.  What the script did
        wrong is in the result, never raised.  KeyboardInterrupt while waiting ends the run and is raised at once.

        Args:
            code: the script's source.
            timeout: seconds for this run; None for the enclave's, ``math.inf`` for no limit.
            globals: names for this run, besides those of the enclave and before them.

        Raises:
            QueueFullError, QueueTimeoutError: all workers were busy.
            PoolClosedError: the enclave was closed before the script could begin.
            WorkerStartupError: a worker that was needed could not be started.
            TypeError, ValueError: an argument is wrong.
            EnclaveUsageError: in the child of a fork, or in a signal handler that interrupted the enclave's own work.
        """
        if timeout is not None:
            timeout = check_seconds("timeout", timeout, infinite=True)
        pool = self._open_pool("run")
        return pool.run(
            self._adapter.prepare(_source(code), timeout, None if globals is None else _variables(globals))
        )

    def submit(
        self,
        code: str,
        *,
        timeout: float | None = None,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the contract's name
    ) -> RunHandle:
        """Have a script run and return its handle at once.

        Args:
            code: the script's source.
            timeout: seconds for this run, its wait for a worker not included; None for the enclave's, ``math.inf`` for
                no limit.
            globals: names for this run, besides those of the enclave and before them.

        Raises:
            QueueFullError, PoolClosedError, TypeError, ValueError, EnclaveUsageError: as for `run`; QueueTimeoutError
                and WorkerStartupError come from ``handle.result()``.
        """
        if timeout is not None:
            timeout = check_seconds("timeout", timeout, infinite=True)
        pool = self._open_pool("submit")
        job = self._adapter.prepare(_source(code), timeout, None if globals is None else _variables(globals))
        return pool.submit(job, self)

    def session(
        self,
        *,
        timeout: float | None = None,
        max_tool_calls: int | None = None,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the contract's name
        idle_timeout: float | None = None,
    ) -> Session:
        """Begin a session: scripts whose state lives from one to the next, in a worker of their own.

        It holds one of the pool's workers, of which there are `max_workers`, until it is closed.

        Args:
            timeout: seconds for each of its runs; None for the enclave's, ``math.inf`` for no limit.
            max_tool_calls: tool calls of each of its runs; None for the enclave's.
            globals: names that the session starts with, besides those of the enclave and before them.
            idle_timeout: seconds without use after which the session is closed; None for never.

        Raises:
            QueueFullError, QueueTimeoutError, PoolClosedError, WorkerStartupError: no worker is to be had.
            TypeError, ValueError: an argument is wrong.
            EnclaveUsageError: as for `run`.
        """
        pool = self._open_pool("session")
        state = SessionState(
            self._adapter,
            self._settings,
            timeout=timeout,
            max_tool_calls=max_tool_calls,
            variables=None if globals is None else _variables(globals),
        )
        return Session(partial(take, pool), state, self, idle_timeout)

    def close(self) -> None:
        """End the enclave: no new scripts from now on.

        What runs and waits may go on for ``graceful_shutdown_timeout`` seconds; then whatever waits is refused with
        PoolClosedError and whatever runs is halted (ABORTED).  Returns when every worker has ended.  Closing again does
        nothing; a second thread waits for the first.  Does nothing in the child of a fork.
        """
        if self._pool is not None:
            self._pool.close()
            self._hide()

    def __enter__(self) -> Self:
        self._open_pool("with")
        return self


def _source(code: str) -> str:
    if type(code) is not str:
        if not isinstance(code, str):
            raise TypeError(f"code: expected the script's source as str, got {shown(code)}")
        code = str.__str__(code)
    return code


def _check_interpreter() -> None:
    is_main = getattr(_thread, "_is_main_interpreter", None)  # in CPython 3.12 and later
    if is_main is not None and not is_main():
        raise EnclaveUsageError(
            "an Enclave can be made in the main interpreter only; this is a subinterpreter: pass results between them"
            " instead"
        )


def _check_adapter(adapter: str) -> None:
    if adapter in ADAPTERS:
        return
    known = ", ".join(repr(name) for name in ADAPTERS)
    planned = ", ".join(repr(name) for name in PLANNED_ADAPTERS)
    if not isinstance(adapter, str):
        raise TypeError(f"adapter: expected one of {known}, got {shown(adapter)}")
    raise ValueError(f"adapter: expected one of {known}, got {adapter!r} (planned, not there yet: {planned})")


def _level(value: SecurityLevel | str) -> SecurityLevel:
    names = ", ".join(repr(level.value) for level in SecurityLevel)
    if not isinstance(value, str):
        raise TypeError(f"security_level: expected a SecurityLevel or one of {names}, got {shown(value)}")
    try:
        return SecurityLevel(value)
    except ValueError:
        raise ValueError(
            f"security_level: expected a SecurityLevel or one of {names}, got {value!r}"
        ) from None


def _check_handler(handler: object) -> None:
    check_callable("tool_handler", handler, "(name: str, args: dict)")
    method = getattr(type(handler), "__call__", None)  # noqa: B004 - of an object that is called like a function
    if inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(method):
        raise TypeError(
            "tool_handler: expected a plain function, got a coroutine function; an Enclave waits in its own thread"
        )


def _variables(variables: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the globals, their names checked."""
    if not isinstance(variables, Mapping):
        raise TypeError(f"globals: expected a mapping of names to values, got {shown(variables)}")
    for name in variables:
        if not isinstance(name, str):
            raise TypeError(f"globals: expected names as str, got {shown(name)}")
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"globals: expected names that are identifiers, got {name!r}")
        if name.startswith("__") and name.endswith("__"):
            raise ValueError(
                f"globals: expected names of your own, got {name!r}, which belongs to the interpreter"
            )
    return dict(variables)


def _modules(modules: Collection[str]) -> frozenset[str]:
    if isinstance(modules, (str, bytes)) or not isinstance(modules, Collection):
        raise TypeError(f"allowed_modules: expected a set or list of module names, got {shown(modules)}")
    for name in modules:
        if not isinstance(name, str):
            raise TypeError(f"allowed_modules: expected module names as str, got {shown(name)}")
        if not all(part.isidentifier() for part in name.split(".")):
            raise ValueError(
                f"allowed_modules: expected names such as 'math' or 'urllib.parse', got {name!r}"
            )
    return frozenset(modules)


def _load_adapter(name: str, settings: RunSettings) -> ScriptAdapter:
    """The adapter; loaded only now, so that everything else of the package can be imported without the core."""
    make: Callable[[RunSettings], ScriptAdapter]
    try:
        if name == "inline":
            from ._adapters.inline import InlineAdapter

            make = InlineAdapter
        else:
            from ._adapters.subinterpreter import SubinterpreterAdapter

            make = SubinterpreterAdapter
    except ImportError as error:
        raise UnsupportedPlatformError(f"the native core cannot be loaded: {error}") from error
    return make(settings)
