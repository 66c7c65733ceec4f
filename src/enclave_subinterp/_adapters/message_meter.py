"""The host's own count of what a run sends: the second limiter, which no guest can reach.

It is the token bucket of the core (csrc/bucket.h) again, with one difference.  The core counts a message when it is
sent; here it is counted when it is seen, and that may be later, while the host serves a tool or waits for its GIL.
Therefore what overflows is lost only at moments when everything that was sent is known to have been seen: a guest that
keeps to its limit is never taken for a flood, and one that got around the core's limiter gets no further than that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

__all__ = ["MessageMeter"]

_SECOND: Final = 1_000_000_000  # nanoseconds


class MessageMeter:
    """A token bucket of `rate` messages, refilled at `rate` a second; a large message takes more than one.

    Args:
        rate: messages a second, and at once.
        begun: when the run began, by the clock.
        clock: monotonic nanoseconds.
    """

    __slots__ = ("_capacity", "_clock", "_full_at", "_interval", "_most")

    def __init__(self, rate: int, begun: int, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock = clock
        self._interval = _SECOND // rate
        self._capacity = self._interval * rate
        self._most = max(self._interval, self._capacity // 4 * 3)
        self._full_at = begun

    def admit(self, share: int = 0) -> bool:
        """Count one message; False if it is one too many.

        Args:
            share: what its size takes of a second's worth of messages, in nanoseconds.
        """
        price = max(self._interval, min(share, self._most))
        if self._full_at - self._clock() + price > self._capacity:
            return False
        self._full_at += price
        return True

    def caught_up(self, when: int) -> None:
        """Nothing that was sent before `when` is still to be seen."""
        self._full_at = max(self._full_at, when)
