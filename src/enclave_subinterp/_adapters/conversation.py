"""The host's side of a run on the thread that waits for it: takes its events and serves its tool calls.

All on that thread, but for the calls that are under way while the script goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, final

from .. import _native
from . import Abort, Job, RunSettings
from .concurrent_calls import ConcurrentCalls
from .helpers import Helpers
from .incoming import Incoming
from .tools import answer

__all__ = ["Conversation"]

_EVENT_TOOL_CALL: Final = _native.EVENT_TOOL_CALL


@final
class Conversation:
    """That of one run; made when its first message has come.

    Args:
        begun: when the run was handed over, monotonic nanoseconds.
        abort: ends the run from the host's side, on any thread.
    """

    def __init__(
        self,
        slot: _native.Slot,
        settings: RunSettings,
        helpers: Helpers,
        job: Job,
        begun: int,
        abort: Callable[[Abort], object],
    ) -> None:
        self._slot = slot
        self._settings = settings
        self._helpers = helpers
        self._abort = abort
        self._concurrent: ConcurrentCalls | None = None
        self._incoming = Incoming(settings, job, begun, abort, self._serve, self._under_way)
        self.hear = self._incoming.hear
        self.finish = self._incoming.finish

    @property
    def tool_calls(self) -> int:
        """How many calls have come."""
        return self._incoming.tool_calls

    @property
    def interruption(self) -> BaseException | None:
        """What a tool raised on a helper thread that is no Exception."""
        return self._concurrent.interruption if self._concurrent is not None else None

    def next_event(self) -> tuple[int, int, object, object, int] | None:
        """The run's next event; None if there is none yet, which is not for long."""
        now = time.monotonic_ns()
        event = self._slot.next_event(0.0)
        if event is not None:
            return event
        self._incoming.meter.caught_up(now)
        concurrent = self._concurrent
        if concurrent is None:
            return self._slot.next_event()
        event = self._slot.next_event(concurrent.time_left())
        if event is None:
            concurrent.expire()
        return event

    def close(self) -> None:
        """The run is over, or nobody listens any more."""
        if self._concurrent is not None:
            self._concurrent.close()

    def _under_way(self) -> int:
        return 0 if self._concurrent is None else len(self._concurrent)

    def _serve(self, kind: int, call_id: int, name: str, arguments: bytes) -> None:
        if kind == _EVENT_TOOL_CALL:
            self._slot.reply(call_id, *answer(self._settings, name, arguments))
            return
        if self._concurrent is None:
            self._concurrent = ConcurrentCalls(
                self._settings, self._helpers, self._slot.reply, lambda: self._abort(Abort.INTERRUPTED)
            )
        self._concurrent.serve(call_id, name, arguments)
