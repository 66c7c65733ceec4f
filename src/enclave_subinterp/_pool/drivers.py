"""Driver threads: they serve submitted scripts, and do chores such as ending a worker or calling back.

There are none until a submitted script can begin or something has to be cleaned up.  One driver serves one script at a
time.  They are no daemons: the pool's close, or the exit of the process, ends them.

A script that waits in the queue gets its worker from whoever gives one back.  That may be a thread which is no driver,
and the drivers that there are may all be held up: it has to see to it that there is one (`relieve`).  A driver that
gives a worker back comes for the next script itself.

Lock: the pool's.  Methods that end in ``_locked`` want it held, the others want it free.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from .._log import Log
from ..errors import WorkerStartupError
from .ticket import Ticket

__all__ = ["DriverHost", "Drivers", "no_thread", "shielded"]

_log = Log("enclave_subinterp.pool")
_numbers = itertools.count(1)


class DriverHost(Protocol):
    """What drivers ask of their pool."""

    def drive(self, ticket: Ticket) -> None:
        """Serve a submitted script to its end, or tell of its failure; the lock is free."""


def no_thread(error: RuntimeError) -> WorkerStartupError:
    """The error for a script that has a worker and nobody who could serve it."""
    return WorkerStartupError(f"no thread can be started to serve the script: {error}")


def shielded(call: Callable[..., object], *args: object) -> None:
    """Call the embedding program back, on a driver; SystemExit and the like, which `call` lets through, end nothing."""
    try:
        call(*args)
    except BaseException:  # noqa: BLE001 - what is still to be done is not that callback's
        _log.exception("a callback on a driver thread ended with what is no Exception")


class Drivers:
    """The driver threads of one pool."""

    def __init__(self, host: DriverHost, lock: threading.RLock) -> None:
        self._host = host
        self._lock = (
            lock  # entered itself, never by way of the condition: that is Python, and can be interrupted
        )
        self._condition = threading.Condition(lock)
        self._threads: set[threading.Thread] = set()
        self._idle = 0
        self._starting: set[threading.Thread] = set()
        self._stopping = False
        self.wanted = False  # something may be there that no driver comes for: call `relieve` or `recruit`
        self._ready: deque[Ticket] = deque()
        self._chores: deque[Callable[[], object]] = deque()

    def add_locked(self, ticket: Ticket) -> None:
        """Have a script served that can begin; call `relieve` or `recruit` afterwards, unless you are a driver."""
        self._ready.append(ticket)
        self.wanted = self._short_locked()
        self._condition.notify()

    def withdraw_locked(self, ticket: Ticket) -> bool:
        """Take back a script that no driver has taken yet."""
        try:
            self._ready.remove(ticket)
        except ValueError:
            return False
        return True

    def chore(self, work: Callable[[], object]) -> None:
        """Have some work done soon; on this thread if no other can be had.  The lock must be free."""
        with self._lock:
            self._chores.append(work)
            self._condition.notify()
        try:
            self.recruit()
        except RuntimeError:  # no thread to be had, as at the exit of the process
            with self._lock:
                if work not in self._chores:
                    return
                self._chores.remove(work)
            work()

    def relieve(self) -> None:
        """Start a driver if one is needed; without any, the scripts that wait for one are refused on this thread."""
        try:
            self.recruit()
        except RuntimeError as error:
            while (ticket := self._pop_ready()) is not None:
                ticket.failure = ticket.failure or no_thread(error)
                self._host.drive(ticket)

    def _pop_ready(self) -> Ticket | None:
        with self._lock:
            return self._ready.popleft() if self._ready else None

    def recruit(self) -> None:
        """Start a driver if one is needed; RuntimeError if no thread can be had and there is none at all."""
        with self._lock:
            self.wanted = self._short_locked()
            if not self.wanted:
                return
            thread = threading.Thread(
                target=self._main, name=f"enclave-driver-{next(_numbers)}", daemon=False
            )
            self._starting.add(thread)
        try:
            thread.start()
        except BaseException as error:
            with self._lock:
                self._starting.discard(thread)  # interrupted, it may come nevertheless, and is welcome
                alone = not self._threads and not self._starting
            if alone or not isinstance(error, RuntimeError):
                raise
            if not getattr(threading, "_SHUTTING_DOWN", False):  # else none can be had, and it is no news
                _log.warning(
                    "a further driver thread could not be started; what was submitted waits for the others"
                )

    def stop_locked(self) -> None:
        """Let every driver end once there is nothing left for it to do."""
        self._stopping = True
        self._condition.notify_all()

    def join(self, deadline: float) -> bool:
        """Wait for the drivers' end until `deadline` (monotonic); False if one is held up by a callback."""
        while True:
            left = deadline - time.monotonic()
            with self._lock:
                while self._starting and left > 0:
                    self._condition.wait(left)
                    left = deadline - time.monotonic()
                others = [thread for thread in self._threads if thread is not threading.current_thread()]
            if not others:
                return True
            if left <= 0:
                return False
            others[0].join(left)
            if not others[0].is_alive():
                with self._lock:
                    self._threads.discard(others[0])

    def _short_locked(self) -> bool:
        return len(self._ready) + len(self._chores) > self._idle + len(self._starting)

    def _main(self) -> None:
        current = threading.current_thread()
        with self._lock:
            self._threads.add(current)
            self._starting.discard(current)
            self._condition.notify_all()
        try:
            while True:
                with self._lock:
                    found = self._next_locked()
                    short = found is not None and self._short_locked()
                if found is None:
                    return
                if short:
                    self._try_recruit()
                ticket, work = found
                try:
                    if ticket is not None:
                        self._host.drive(ticket)
                    if work is not None:
                        work()
                except Exception:  # noqa: BLE001 - one script's trouble must not cost the pool its driver
                    _log.exception("a driver thread met an error of its own")
                found = ticket = work = None  # an idle driver keeps nobody's value alive
        finally:
            with self._lock:
                if not self._stopping:  # else it is not over before it was joined
                    self._threads.discard(current)
                self._condition.notify_all()

    def _try_recruit(self) -> None:
        with contextlib.suppress(RuntimeError):  # this driver comes back for the rest
            self.recruit()

    def _next_locked(self) -> tuple[Ticket | None, Callable[[], object] | None] | None:
        """Wait for something to do: a script or a chore; None to end."""
        while True:
            if self._ready:
                return self._ready.popleft(), None
            if self._chores:
                return None, self._chores.popleft()
            if self._stopping:
                return None
            self._idle += 1
            try:
                self._condition.wait()
            finally:
                self._idle -= 1
