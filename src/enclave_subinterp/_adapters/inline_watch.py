"""The thread that tells runs of adapter "inline" that their time is over.

One for the process, from the first run with a time limit on until the last worker has ended; a daemon, since nothing
that it does matters at exit.  A run that begins wakes it only when it is due before all others, so that with one limit
for all the thread sleeps through most of them.
"""

from __future__ import annotations

import math
import os
import threading
import time
from typing import Final, Protocol, final

__all__ = ["WATCH", "Watched"]

_END_SECONDS: Final = 1.0  # for the thread's end


class Watched(Protocol):
    """A run.  `due` is the monotonic second at which it wants to be told; math.inf for never."""

    due: float

    def tell(self, now: float) -> None:
        """The time has come; sets `due` anew."""


@final
class _Watch:
    """The runs that are under way.

    Lock: `_condition`, for `_next` and the thread's life.  The set is changed by single atomic operations.
    """

    def __init__(self) -> None:
        self._runs: set[Watched] = set()
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        """At first, and in the child of a fork, where the thread is not."""
        self._condition = threading.Condition()
        self._there = False
        self._thread: threading.Thread | None = None
        self._workers = 0
        self._next = math.inf  # when the thread looks next
        self._runs.clear()

    def enter(self) -> None:
        """There is one more worker."""
        with self._condition:
            self._workers += 1

    def leave(self) -> None:
        """There is one less; with the last one, and its run, the thread ends."""
        with self._condition:
            self._workers = max(0, self._workers - 1)  # none are left in the child of a fork
            thread = self._thread
            if self._workers or self._runs or thread is None:
                return
            self._condition.notify()
        thread.join(_END_SECONDS)

    def add(self, run: Watched) -> None:
        """A run begins.  RuntimeError if the thread cannot be had."""
        self._runs.add(run)
        if run.due < self._next:
            self.soon(run.due)

    def remove(self, run: Watched) -> None:
        """A run has ended."""
        self._runs.discard(run)

    def soon(self, due: float) -> None:
        """Look at that time, or before."""
        with self._condition:
            if due >= self._next:
                return
            self._next = due
            if self._there:
                self._condition.notify()
                return
            self._there = True
            self._thread = threading.Thread(target=self._main, name="enclave-inline-watch", daemon=True)
        try:
            self._thread.start()
        except BaseException:
            with self._condition:
                self._there = False
                self._thread = None
                self._next = math.inf
            raise

    def _main(self) -> None:
        while True:
            now = time.monotonic()
            for run in list(self._runs):
                if run.due <= now:
                    run.tell(now)
            with self._condition:
                # Whoever begins from here on finds the lock taken, and compares with what is found below.
                self._next = math.inf
                self._next = min((run.due for run in list(self._runs)), default=math.inf)
                if not self._workers and not self._runs:
                    self._there = False
                    self._thread = None
                    return
                left = self._next - time.monotonic()
                if left > 0:
                    self._condition.wait(min(left, threading.TIMEOUT_MAX))


WATCH = _Watch()
