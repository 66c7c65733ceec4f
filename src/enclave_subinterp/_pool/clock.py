"""The pool's clock, and its waiting: in one object, so that tests can put their own in its place."""

from __future__ import annotations

import threading
import time
from typing import Protocol

__all__ = ["Clock", "MonotonicClock"]


class Clock(Protocol):
    """What the pool asks of a clock; all times are seconds."""

    def now(self) -> float:
        """The time, from an arbitrary point on; it never goes back."""

    def acquire(self, gate: threading.Lock, timeout: float) -> bool:
        """Wait for a lock; False when it was not had within `timeout`, which may be ``math.inf`` or negative."""

    def wait(self, condition: threading.Condition, timeout: float) -> None:
        """Wait for a notification, `timeout` (which may be ``math.inf``) at most; the condition's lock is held."""


class MonotonicClock:
    """The system's monotonic clock."""

    __slots__ = ()

    now = staticmethod(time.monotonic)

    def acquire(self, gate: threading.Lock, timeout: float) -> bool:
        """Wait for a lock."""
        return gate.acquire(timeout=max(0.0, min(timeout, threading.TIMEOUT_MAX)))

    def wait(self, condition: threading.Condition, timeout: float) -> None:
        """Wait for a notification."""
        condition.wait(min(timeout, threading.TIMEOUT_MAX))
