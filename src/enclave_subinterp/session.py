"""`Session`: scripts whose state lives from one to the next, in a worker of their own."""

from __future__ import annotations

import dataclasses
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self, final

from ._adapters import Abort, Job, NoRoomError, RunSettings, ScriptAdapter, WorkerLost
from ._closing import Closing
from ._pool.holding import Hold
from .config import check_int, check_seconds, shown
from .errors import CheckpointLimitError, EnclaveUsageError, SessionClosedError
from .result import RunResult

__all__ = ["Session", "SessionState"]

BIRTH = 0  # the checkpoint that every worker has


class SessionState:
    """What a session knows of its worker's state; without threads, locks and waiting."""

    def __init__(
        self,
        adapter: ScriptAdapter,
        settings: RunSettings,
        *,
        timeout: float | None,
        max_tool_calls: int | None,
        variables: Mapping[str, Any] | None,
    ) -> None:
        """Raises TypeError or ValueError: an argument is wrong."""
        if timeout is not None:
            settings = dataclasses.replace(settings, timeout=check_seconds("timeout", timeout, infinite=True))
        if max_tool_calls is not None:
            check_int("max_tool_calls", max_tool_calls, minimum=0)
            settings = dataclasses.replace(settings, max_tool_calls=max_tool_calls)
        self._adapter = adapter
        self._settings = settings
        self._variables = variables
        self.anchor = BIRTH  # where a halt goes back to
        self._unborn = True  # no script has left anything yet, so the next gets the enclave's globals
        self._renew = False  # the next run has to renew what must differ after a way back
        self.checkpoints: dict[int, bool] = {}  # and whether they are `_unborn`
        self.closed: str | None = None  # why

    def check_open(self) -> None:
        """SessionClosedError after the end."""
        if self.closed is not None:
            raise SessionClosedError(f"the session was closed: {self.closed}; begin a new one")

    def known(self, checkpoint: int, *, born: bool = False) -> int:
        """The id; TypeError or ValueError if it is none of this session's.  With `born` its start counts as well."""
        if type(checkpoint) is not int:
            raise TypeError(f"checkpoint: expected an id that checkpoint() gave, got {shown(checkpoint)}")
        if checkpoint not in self.checkpoints and not (born and checkpoint == BIRTH):
            ids = ", ".join(map(str, self.checkpoints)) or "there are none"
            raise ValueError(f"checkpoint: expected one of this session's ({ids}), got {checkpoint}")
        return checkpoint

    def job(self, code: str, timeout: float | None, variables: Mapping[str, Any] | None) -> Job:
        """The job for a script; TypeError or ValueError if a variable cannot cross."""
        if timeout is None:
            timeout = self._settings.timeout
        if self._unborn and self._variables:
            variables = {**self._variables, **variables} if variables else self._variables
        job = self._adapter.prepare(code, timeout, variables, base=self._unborn, renew=self._renew)
        job.settings = self._settings
        job.fall_back = self.anchor
        return job

    def ran(self, job: Job, *, lost: bool) -> None:
        """A job has ended; `lost`: and its worker with it."""
        if self.closed is not None:
            return
        if lost:
            error = job.outcome.result.error if job.outcome is not None else None
            why = error.message if error is not None else "its run was interrupted and could not be ended"
            self.closed = f"its worker and with it its state was lost ({why})"
        elif job.outcome is not None and job.outcome.halted:
            self.back_at(self.anchor)
        elif job.started:
            self._unborn = False
            self._renew = False

    def lose(self, why: str, *, pool_closed: bool) -> None:
        """The worker cannot be used any more."""
        self.closed = (
            "its enclave was closed" if pool_closed else f"its worker and with it its state was lost ({why})"
        )

    def kept(self, checkpoint: int) -> None:
        """A checkpoint was taken."""
        self.checkpoints[checkpoint] = self._unborn
        self.anchor = checkpoint

    def back_at(self, checkpoint: int) -> None:
        """The state is that of a checkpoint, or of the start."""
        self.anchor = checkpoint
        self._unborn = checkpoint == BIRTH or self.checkpoints[checkpoint]
        self._renew = checkpoint != BIRTH

    def check_forget(self, checkpoint: int) -> None:
        """ValueError if a checkpoint is unknown or still needed."""
        if self.known(checkpoint) == self.anchor:
            raise ValueError(
                f"checkpoint: {checkpoint} is where a halted run goes back to; restore or take another one first"
            )


@final
class Session(Closing):
    """Scripts that share their state, one after another, in a worker of their own; made by ``Enclave.session()``.

    A run that is halted (time-out, kill, a limit) leaves the session as it was at its last checkpoint: the one that was
    taken or restored last, or the session's start.  What a script merely raises leaves what it had done.  A native
    crash ends the session, for its state is lost.

    Its methods may be called from any thread, but from one at a time: EnclaveUsageError.  Only `kill`, `close` and
    `closed` may be used while a run is under way.
    """

    def __init__(
        self, take: Callable[[], Hold], state: SessionState, keep: object, idle_timeout: float | None
    ) -> None:
        """By ``Enclave.session()`` only; `take` waits for the worker, `keep` is kept alive with the session."""
        self._busy = threading.Lock()
        self._state = state
        self._hold: Hold | None = None
        self._job: Job | None = None
        self._keep = keep
        self._closing: str | None = None  # asked for while a run was under way
        self._idle_timeout = None if idle_timeout is None else check_seconds("idle_timeout", idle_timeout)
        self._hold = take()
        self._used = time.monotonic()
        if self._idle_timeout is not None:
            self._hold.visit(self._used + self._idle_timeout, self._wake)

    def run(
        self,
        code: str,
        *,
        timeout: float | None = None,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the contract's name
    ) -> RunResult:
        """Run a script in what those before it have left, and wait for its end.

        Args:
            code: the script's source.
            timeout: seconds for this run; None for the session's, ``math.inf`` for no limit.
            globals: names that are set before the run; they stay, as if the script had set them.

        Raises:
            SessionClosedError, PoolClosedError: the session or its enclave was closed.
            EnclaveUsageError: another thread, or a tool handler, uses the session while a run is under way.
            TypeError, ValueError: an argument is wrong.
        """
        from .enclave import _source, _variables

        if timeout is not None:
            timeout = check_seconds("timeout", timeout, infinite=True)
        source = _source(code)
        variables = None if globals is None else _variables(globals)
        with self._alone("run") as hold:
            job = self._state.job(source, timeout, variables)
            if job.outcome is None:
                self._job = job
                if self._closing is not None:  # by another thread, which may have found no job to kill
                    job.abort = Abort.KILLED
                try:
                    hold.run(job)
                finally:
                    self._job = None
                    self._state.ran(job, lost=hold.worker.lost)
            assert job.outcome is not None
            return job.outcome.result

    def checkpoint(self) -> int:
        """Keep the state as it is now and return an id for `restore`.

        It costs the memory that differs from a new worker's; the checkpoints of a session together hold at most
        ``memory_limit_per_worker`` bytes, until `forget` or the session's end.

        Raises:
            CheckpointLimitError: there is no room for it.
            UnsupportedPlatformError: the adapter has no checkpoints (``capabilities(adapter)["rewind"]``).
            SessionClosedError, PoolClosedError, EnclaveUsageError: as for `run`.
        """
        with self._alone("checkpoint") as hold:
            try:
                made = hold.worker.checkpoint()
            except NoRoomError as error:
                raise CheckpointLimitError(
                    f"the checkpoint was not taken: {error}; forget() others"
                ) from error
            self._state.kept(made)
            return made

    def restore(self, checkpoint: int) -> None:
        """Go back to a checkpoint; it can be gone back to again.

        Modules with a state that must differ between runs, such as ``random``, are renewed.

        Args:
            checkpoint: an id that `checkpoint` gave.

        Raises:
            ValueError: the id is none of this session's.
            SessionClosedError, PoolClosedError, EnclaveUsageError: as for `run`.
        """
        with self._alone("restore") as hold:
            hold.worker.restore(self._state.known(checkpoint))
            self._state.back_at(checkpoint)

    def reset(self) -> None:
        """Go back to the session's start; its checkpoints stay.  Raises as `restore`."""
        with self._alone("reset") as hold:
            hold.worker.restore(BIRTH)
            self._state.back_at(BIRTH)

    def forget(self, checkpoint: int) -> None:
        """Give a checkpoint's memory back.

        Args:
            checkpoint: an id that `checkpoint` gave.

        Raises:
            ValueError: the id is none of this session's, or a halted run would go back to it.
            SessionClosedError, PoolClosedError, EnclaveUsageError: as for `run`.
        """
        with self._alone("forget") as hold:
            self._state.check_forget(checkpoint)
            hold.worker.forget(checkpoint)
            del self._state.checkpoints[checkpoint]

    def kill(self) -> bool:
        """End the run that is under way, from another thread; returns at once, False if there is none."""
        job, hold = self._job, self._hold
        return job is not None and hold is not None and hold.worker.abort(job, Abort.KILLED)

    def close(self) -> None:
        """End the session and give its worker back.  Closing again does nothing.

        A run that is under way on another thread is halted, and that thread ends the session.
        """
        if self._closing is None:
            self._closing = "close() was called"
        self.kill()
        self._finish()

    @property
    def closed(self) -> bool:
        """Whether it has ended, for whatever reason."""
        hold = self._hold
        with_pool = hold is not None and hold.pool_closed
        return with_pool or self._state.closed is not None or self._closing is not None

    def __enter__(self) -> Self:
        self._state.check_open()
        return self

    def __del__(self) -> None:
        hold = getattr(self, "_hold", None)
        if hold is not None:
            if not hold.pool_closed:  # else it was closed with its enclave
                warnings.warn(
                    f"unclosed {self!r}: use it as a context manager or call close()",
                    ResourceWarning,
                    2,
                    self,
                )
            if hold.interrupting_pool:
                threading.Thread(target=hold.give_back, args=(self._state.checkpoints,)).start()
            else:
                self.close()

    def __repr__(self) -> str:
        return f"<Session {'closed' if self.closed else 'open'}>"

    @contextmanager
    def _alone(self, what: str) -> Iterator[Hold]:
        """The worker, for one act of one thread."""
        self._state.check_open()
        if not self._busy.acquire(blocking=False):
            raise EnclaveUsageError(
                f"{what}() was called while a run of this session is under way; one session serves one thread at a time"
            )
        try:
            self._state.closed = self._state.closed or self._closing
            self._state.check_open()
            hold = self._hold
            assert hold is not None
            hold.check_pool()
            self._used = time.monotonic()
            try:
                yield hold
            except WorkerLost as lost:
                self._state.lose(str(lost), pool_closed=hold.pool_closed)
                self._state.check_open()
            self._used = time.monotonic()
        finally:
            self._busy.release()
            self._finish()

    def _finish(self) -> None:
        """If the session has ended, or is to, give its worker back: `close` or `_alone`, whoever comes last."""
        state = self._state
        if (state.closed is None and self._closing is None) or not self._busy.acquire(blocking=False):
            return
        try:
            state.closed = state.closed or self._closing
            hold, self._hold = self._hold, None
            if hold is not None:
                hold.give_back(state.checkpoints)
        finally:
            self._busy.release()

    def _wake(self) -> float | None:
        """Close the session if it was not used for long; when to look again otherwise."""
        if self._idle_timeout is None or self.closed:
            return None
        now = time.monotonic()
        if not self._busy.acquire(blocking=False):
            return now + self._idle_timeout
        try:
            due = self._used + self._idle_timeout
            if due > now:
                return due
            self._closing = self._closing or f"it was not used for {self._idle_timeout:g} s"
        finally:
            self._busy.release()
        self._finish()
        return None
