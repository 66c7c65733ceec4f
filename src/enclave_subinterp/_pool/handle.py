"""What `submit` returns.

A handle has no lock: it is finished once, by one thread, and the lists that waiters and callbacks stand in are changed
by single atomic operations.  So it may be asked from a signal handler or a finalizer too.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, final

from .._log import Log
from ..config import shown
from ..errors import EnclaveError
from ..result import RunResult

if TYPE_CHECKING:
    from .pool import Pool
    from .ticket import Ticket

__all__ = ["RunHandle"]

_log = Log("enclave_subinterp.pool")


@final
class RunHandle:
    """One submitted script.  Every method may be called from any thread of the host."""

    __slots__ = (
        "__weakref__",
        "_callbacks",
        "_failure",
        "_finished",
        "_keep",
        "_pool",
        "_result",
        "_ticket",
        "_waiters",
    )

    def __init__(self, pool: Pool | None, ticket: Ticket | None, keep: object = None) -> None:
        self._pool = pool
        self._ticket = ticket
        self._keep = keep  # the enclave: it must not be collected while its script is under way
        self._finished = False
        self._result: RunResult | None = None
        self._failure: EnclaveError | None = None
        self._waiters: list[threading.Lock] = []
        self._callbacks: deque[Callable[[RunHandle], object]] = deque()

    def result(self, timeout: float | None = None) -> RunResult:
        """Wait for the script's end and return what it came to; an error of the script is in the result.

        Args:
            timeout: seconds to wait; None for as long as it takes.  The run itself goes on when they are over,
                and when KeyboardInterrupt ends the wait.

        Raises:
            TimeoutError: it was not done within `timeout`.
            TypeError: `timeout` is no number.
            QueueTimeoutError, PoolClosedError, WorkerStartupError: the script never began.
            EnclaveUsageError: waiting in the child of a fork for a run of the parent.
        """
        if timeout is not None and not isinstance(timeout, (int, float)):
            raise TypeError(f"timeout: expected seconds or None, got {shown(timeout)}")
        if not self._finished and not self._wait(timeout):
            raise TimeoutError(f"the script was not done within {timeout} s; kill() ends it")
        if self._failure is not None:
            raise self._failure
        assert self._result is not None
        return self._result

    def kill(self) -> bool:
        """End the script, running or waiting; returns at once.

        Its result then has the error code ABORTED.  False when it had ended already.
        """
        if self._finished or self._pool is None or self._ticket is None:
            return False
        return self._pool.kill(self._ticket)

    def done(self) -> bool:
        """True when `result` will not wait."""
        return self._finished

    def running(self) -> bool:
        """True while a worker is at it; False while it waits in the queue and after its end."""
        return not self._finished and self._ticket is not None and self._ticket.job.run_id != 0

    def add_done_callback(self, callback: Callable[[RunHandle], object]) -> None:
        """Call `callback(handle)` when the script has ended: on the thread that served it, or at once if it has.

        Callbacks are called in the order of their coming; an exception in one is logged and hurts nothing.

        Args:
            callback: called with this handle.

        Raises:
            TypeError: `callback` is not callable.
        """
        if not callable(callback):
            raise TypeError(f"add_done_callback: expected a callable, got {type(callback).__name__}")
        self._callbacks.append(callback)
        if self._finished:
            self._call_back()

    def _wait(self, timeout: float | None) -> bool:
        if self._pool is not None:
            self._pool.check_process()
        gate = threading.Lock()
        gate.acquire()
        self._waiters.append(gate)
        if not self._finished:  # else the finisher may have missed the gate
            gate.acquire(timeout=-1 if timeout is None else max(0.0, min(timeout, threading.TIMEOUT_MAX)))
        if not self._finished:
            with contextlib.suppress(ValueError):  # the finisher took it in this moment
                self._waiters.remove(gate)
        return self._finished

    def _finish(self, result: RunResult | None, failure: EnclaveError | None) -> None:
        """Set the end; by the pool, once."""
        self._result = result
        self._failure = failure
        self._finished = True
        self._keep = None
        while self._waiters:
            self._waiters.pop().release()
        self._call_back()

    def _call_back(self) -> None:
        while True:
            try:
                callback = self._callbacks.popleft()
            except IndexError:
                return
            try:
                callback(self)
            except Exception:  # noqa: BLE001 - by contract an exception in a callback hurts nothing
                _log.exception("a done callback of a run raised")
            except BaseException:
                self._call_back()  # the others are not to miss it
                raise

    def __repr__(self) -> str:
        state = "done" if self._finished else "running" if self.running() else "waiting"
        return f"<RunHandle {state}>"
