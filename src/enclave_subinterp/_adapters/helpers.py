"""Threads that serve tool calls beside those that wait for the runs.

There are none until a script goes on while a call of its is under way.  They are no daemons: the enclave's close, or
the exit of the process, ends them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

__all__ = ["Helpers"]


@final
class Helpers:
    """At most `most` threads, started as they are needed and shared by the runs of one enclave."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._executor: ThreadPoolExecutor | None = None
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, work: Callable[[], object]) -> bool:
        """Have some work done soon, which must not raise.

        False if no thread can be had just now or any more; the work may be done all the same, should one come later.
        """
        with self._lock:
            if self._closed:
                return False
            if self._executor is None:
                from concurrent.futures import (
                    ThreadPoolExecutor,  # cannot be imported while the process exits
                )

                self._executor = ThreadPoolExecutor(self._most, "enclave-tools", self._enlist)
        try:
            self._executor.submit(work)
        except RuntimeError:  # the process is exiting, or may have no more threads
            return False
        return True

    def close(self, timeout: float) -> bool:
        """Let the threads end; False if one is still held up by its tool after `timeout` seconds."""
        with self._lock:
            self._closed = True
        if self._executor is None:
            return True
        self._executor.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + timeout
        current = threading.current_thread()  # a tool may close its own enclave
        for thread in self._threads:
            if thread is not current:
                thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads if thread is not current)

    def _enlist(self) -> None:
        self._threads.append(threading.current_thread())
