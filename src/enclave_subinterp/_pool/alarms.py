"""Alarms: what is to be looked at when some time has passed, such as an unused session.

One thread for the process, while there is anything to wait for; a daemon, since nothing that it does matters at exit.
What was set is looked at and says itself when it wants to be looked at again, so that an activity that puts the alarm
off costs nothing but its note of the time.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable

__all__ = ["set_alarm"]

_log = logging.getLogger("enclave_subinterp.pool")


type Wake = Callable[[], float | None]  # the time has come: when to come again (monotonic seconds), or None


class _Alarms:
    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._due: list[tuple[float, int, weakref.WeakMethod[Wake]]] = []
        self._numbers = itertools.count()
        self._there = False
        os.register_at_fork(after_in_child=self._forget)

    def add(self, when: float, wake: weakref.WeakMethod[Wake]) -> None:
        with self._condition:
            heapq.heappush(self._due, (when, next(self._numbers), wake))
            if self._there:
                self._condition.notify()
                return
            self._there = True
        try:
            threading.Thread(target=self._main, name="enclave-alarms", daemon=True).start()
        except BaseException:
            with self._condition:
                self._there = False
            raise

    def _forget(self) -> None:
        """In the child of a fork: neither the thread nor what it waited for is here."""
        self._condition = threading.Condition()
        self._due = []
        self._there = False

    def _main(self) -> None:
        while True:
            with self._condition:
                while self._due and (left := self._due[0][0] - time.monotonic()) > 0:
                    self._condition.wait(min(left, threading.TIMEOUT_MAX))
                if not self._due:
                    self._there = False
                    return
                _, _, reference = heapq.heappop(self._due)
            wake = reference()
            if wake is None:
                continue
            try:
                again = wake()
            except Exception:  # noqa: BLE001 - one's trouble must not cost the others their alarm
                _log.exception("an alarm met an error of its own")
                again = None
            del wake
            if again is not None:
                with self._condition:
                    heapq.heappush(self._due, (again, next(self._numbers), reference))


_alarms = _Alarms()


def set_alarm(when: float, wake: Wake) -> None:
    """Have a method called at a time (monotonic seconds), on a thread of its own; its object is held weakly.

    RuntimeError if no thread can be had.
    """
    _alarms.add(when, weakref.WeakMethod(wake))
