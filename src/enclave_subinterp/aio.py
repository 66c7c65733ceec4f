"""`AsyncEnclave`: the same as `Enclave`, awaited, for programs that run an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, final

from ._adapters import Abort, Job, NoRoomError, WorkerLost
from ._pool import Pool
from ._pool.holding import Hold
from ._pool.loop_serving import hold_on_loop, in_thread, run_on_loop
from .config import check_callable, check_seconds
from .enclave import EnclaveBase, _source, _variables
from .errors import CheckpointLimitError, EnclaveUsageError, PoolClosedError
from .result import RunResult
from .session import BIRTH, SessionState

__all__ = ["AsyncEnclave", "AsyncSession"]


@final
class AsyncEnclave(EnclaveBase):
    """Runs other people's Python in a pool of workers, for an event loop.

    No thread waits for a run and nothing is polled: the loop watches one descriptor per worker.  The enclave belongs to
    the loop on which it was entered (``async with``) or first used, and serves any number of its tasks at a time; for
    another loop make another one.

    Arguments and exceptions are those of `Enclave`, but:

    Args:
        tool_handler: a coroutine function, which is awaited in a task of its own, or a plain one, which is called on a
            thread of the loop's default executor.  Several calls of one script may be under way at a time.  After
            `tool_timeout` a coroutine is cancelled and the script gets a TimeoutError; a plain function cannot be
            interrupted, and what it returns then is dropped.  When a run ends, what is still under way is cancelled.
        on_output: called on the loop's thread, in the context of the task that awaits the run, as coroutines of
            `tool_handler` are: a ``ContextVar`` that the task has set tells which run it is.

    Raises:
        WorkerStartupError: not from the constructor but when it is entered or first used, since only then the first
            workers are started.
    """

    _loop: asyncio.AbstractEventLoop | None = None
    _opening: asyncio.Task[None] | None = None
    _closing: asyncio.Task[None] | None = None
    _ended = False

    async def run(
        self,
        code: str,
        *,
        timeout: float | None = None,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the contract's name
    ) -> RunResult:
        """Run a script; its result is that of `Enclave.run`.

        Cancelling the awaiting task kills the run: CancelledError goes on when it has ended, about a millisecond later.

        Args:
            code: the script's source.
            timeout: seconds for this run; None for the enclave's, ``math.inf`` for no limit.
            globals: names for this run, besides those of the enclave and before them.

        Raises:
            QueueFullError, QueueTimeoutError: all workers were busy.
            PoolClosedError: the enclave was closed before the script could begin.
            WorkerStartupError: a worker that was needed could not be started.
            TypeError, ValueError: an argument is wrong.
            EnclaveUsageError: in the child of a fork, or the enclave belongs to another event loop.
        """
        if timeout is not None:
            timeout = check_seconds("timeout", timeout, infinite=True)
        pool = await self._entered("run")
        job = self._adapter.prepare(_source(code), timeout, None if globals is None else _variables(globals))
        return await run_on_loop(pool, job)

    @asynccontextmanager
    async def session(
        self,
        *,
        timeout: float | None = None,
        max_tool_calls: int | None = None,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the contract's name
        idle_timeout: float | None = None,
    ) -> AsyncIterator[AsyncSession]:
        """An `AsyncSession`, for ``async with``, in a worker of its own until then.

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
        pool = await self._entered("session")
        state = SessionState(
            self._adapter,
            self._settings,
            timeout=timeout,
            max_tool_calls=max_tool_calls,
            variables=None if globals is None else _variables(globals),
        )
        if idle_timeout is not None:
            idle_timeout = check_seconds("idle_timeout", idle_timeout)
        session = AsyncSession(await hold_on_loop(pool, self._executor), self._executor, state, idle_timeout)
        try:
            yield session
        finally:
            await session.close()

    async def close(self) -> None:
        """End the enclave, as `Enclave.close`; the loop goes on meanwhile.  Closing again does nothing."""
        self._ended = True
        if self._loop is None:
            return
        self._check_loop("close")
        if self._closing is None:
            self._closing = self._loop.create_task(self._shut())
        await asyncio.shield(self._closing)

    async def __aenter__(self) -> Self:
        await self._entered("async with")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _open(self) -> None:
        """The pool is made when a loop is there."""

    @staticmethod
    def _check_handler(handler: object) -> None:
        check_callable("tool_handler", handler, "(name: str, args: dict)")

    async def _entered(self, what: str) -> Pool:
        """The pool, made at the first time, if it takes scripts."""
        if self._loop is None:
            if self._ended:
                raise PoolClosedError(f"{what}() was called on a closed enclave; make a new AsyncEnclave")
            self._loop = asyncio.get_running_loop()
            self._executor = ThreadPoolExecutor(1, "enclave-async")
            self._opening = self._loop.create_task(self._start())
        self._check_loop(what)
        if self._pool is None:
            assert self._opening is not None
            await asyncio.shield(self._opening)
        return self._open_pool(what)

    async def _start(self) -> None:
        """Begin the workers on a thread, for that takes some ten milliseconds each."""
        self._pool = await in_thread(self._executor, Pool, self._adapter, self._settings.pool)

    async def _shut(self) -> None:
        if self._pool is None:
            assert self._opening is not None
            await asyncio.wait([self._opening])
        try:
            if self._pool is not None:
                await in_thread(self._executor, self._pool.close)
        finally:
            self._hide()
            self._executor.shutdown(wait=False)

    def _check_loop(self, what: str) -> None:
        if asyncio.get_running_loop() is not self._loop:
            raise EnclaveUsageError(
                f"{what}() was called on another event loop than the one that this AsyncEnclave was entered on; make"
                " one for each loop"
            )


@final
class AsyncSession:
    """`Session`, awaited: scripts that share their state, one after another, in a worker of their own.

    One task at a time may use it: EnclaveUsageError.  Only `kill`, `close` and `closed` may be used while a run is
    under way.
    """

    def __init__(
        self, hold: Hold, executor: ThreadPoolExecutor, state: SessionState, idle_timeout: float | None
    ) -> None:
        """By ``AsyncEnclave.session()`` only."""
        self._hold: Hold | None = hold
        self._executor = executor
        self._state = state
        self._job: Job | None = None
        self._free = asyncio.Event()
        self._free.set()
        self._closing: str | None = None  # asked for while it was in use
        self._idle_timeout = idle_timeout
        self._timer: asyncio.TimerHandle | None = None
        self._idle_closing: asyncio.Task[None] | None = None
        self._rest()

    async def run(
        self,
        code: str,
        *,
        timeout: float | None = None,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the contract's name
    ) -> RunResult:
        """Run a script in what those before it have left.  Cancelling the task kills the run.

        Args:
            code: the script's source.
            timeout: seconds for this run; None for the session's, ``math.inf`` for no limit.
            globals: names that are set before the run; they stay, as if the script had set them.

        Raises:
            SessionClosedError, PoolClosedError: the session or its enclave was closed.
            EnclaveUsageError: another task uses the session while a run is under way.
            TypeError, ValueError: an argument is wrong.
        """
        if timeout is not None:
            timeout = check_seconds("timeout", timeout, infinite=True)
        source = _source(code)
        variables = None if globals is None else _variables(globals)
        async with self._alone("run") as hold:
            job = self._state.job(source, timeout, variables)
            if job.outcome is None:
                self._job = job
                try:
                    await hold.run_on_loop(job)
                finally:
                    self._job = None
                    self._state.ran(job, lost=hold.worker.lost)
            assert job.outcome is not None
            return job.outcome.result

    async def checkpoint(self) -> int:
        """Keep the state as it is now and return an id for `restore`; it costs what `Session.checkpoint` does.

        Raises:
            CheckpointLimitError: there is no room for it.
            UnsupportedPlatformError: the adapter has no checkpoints (``capabilities(adapter)["rewind"]``).
            SessionClosedError, PoolClosedError, EnclaveUsageError: as for `run`.
        """
        async with self._alone("checkpoint") as hold:
            try:
                made: int = await in_thread(self._executor, self._checkpoint, hold)
            except NoRoomError as error:
                raise CheckpointLimitError(
                    f"the checkpoint was not taken: {error}; forget() others"
                ) from error
            return made

    async def restore(self, checkpoint: int) -> None:
        """Go back to a checkpoint; it can be gone back to again.

        Args:
            checkpoint: an id that `checkpoint` gave.

        Raises:
            ValueError: the id is none of this session's.
            SessionClosedError, PoolClosedError, EnclaveUsageError: as for `run`.
        """
        async with self._alone("restore") as hold:
            await in_thread(self._executor, self._restore, hold, self._state.known(checkpoint))

    async def reset(self) -> None:
        """Go back to the session's start; its checkpoints stay.  Raises as `restore`."""
        async with self._alone("reset") as hold:
            await in_thread(self._executor, self._restore, hold, BIRTH)

    async def forget(self, checkpoint: int) -> None:
        """Give a checkpoint's memory back.

        Args:
            checkpoint: an id that `checkpoint` gave.

        Raises:
            ValueError: the id is none of this session's, or a halted run would go back to it.
            SessionClosedError, PoolClosedError, EnclaveUsageError: as for `run`.
        """
        async with self._alone("forget") as hold:
            self._state.check_forget(checkpoint)
            await in_thread(self._executor, self._forget, hold, checkpoint)

    def kill(self) -> bool:
        """End the run that is under way; returns at once, False if there is none."""
        job, hold = self._job, self._hold
        return job is not None and hold is not None and hold.worker.abort(job, Abort.KILLED)

    async def close(self) -> None:
        """End the session, halting its run, and give the worker back.  Closing again does nothing."""
        if self._closing is None:
            self._closing = "close() was called"
        self.kill()
        while self._hold is not None:
            if self._free.is_set():
                self._free.clear()
                try:
                    await self._give_back()
                finally:
                    self._free.set()
            else:
                await self._free.wait()

    @property
    def closed(self) -> bool:
        """Whether it has ended, for whatever reason."""
        hold = self._hold
        with_pool = hold is not None and hold.pool_closed
        return with_pool or self._state.closed is not None or self._closing is not None

    def __repr__(self) -> str:
        return f"<AsyncSession {'closed' if self.closed else 'open'}>"

    # On the executor's thread; each notes at once what it has done, for a cancelled task does not come back to do so.

    def _checkpoint(self, hold: Hold) -> int:
        made = hold.worker.checkpoint()
        self._state.kept(made)
        return made

    def _restore(self, hold: Hold, checkpoint: int) -> None:
        hold.worker.restore(checkpoint)
        self._state.back_at(checkpoint)

    def _forget(self, hold: Hold, checkpoint: int) -> None:
        hold.worker.forget(checkpoint)
        del self._state.checkpoints[checkpoint]

    @asynccontextmanager
    async def _alone(self, what: str) -> AsyncIterator[Hold]:
        """The worker, for one act of one task."""
        self._check_open()
        if not self._free.is_set():
            raise EnclaveUsageError(
                f"{what}() was called while a run of this session is under way; one session serves one task at a time"
            )
        hold = self._hold
        assert hold is not None
        hold.check_pool()
        self._free.clear()
        if self._timer is not None:
            self._timer.cancel()
        try:
            yield hold
        except WorkerLost as lost:
            self._state.lose(str(lost), pool_closed=hold.pool_closed)
            self._state.check_open()
        finally:
            try:
                if self._state.closed is not None or self._closing is not None:
                    await self._give_back()
            finally:
                self._free.set()
                self._rest()

    def _check_open(self) -> None:
        self._state.closed = self._state.closed or self._closing
        self._state.check_open()

    def _rest(self) -> None:
        """Nobody uses it from now on."""
        if self._idle_timeout is not None and not self.closed:
            self._timer = asyncio.get_running_loop().call_later(self._idle_timeout, self._unused)

    def _unused(self) -> None:
        self._closing = self._closing or f"it was not used for {self._idle_timeout:g} s"
        self._idle_closing = asyncio.get_running_loop().create_task(self.close())

    async def _give_back(self) -> None:
        self._state.closed = self._state.closed or self._closing
        hold, self._hold = self._hold, None
        if self._timer is not None:
            self._timer.cancel()
        if hold is None:
            return
        if hold.pool_closed:  # and the executor with it; there is nothing to wait for
            hold.give_back(())
        else:
            await in_thread(self._executor, hold.give_back, self._state.checkpoints)
