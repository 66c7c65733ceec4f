"""What a run says before it is done: its messages are counted, its tool calls served, its output passed on.

All on the thread that waits for the run, but for the calls that are under way while the script goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, final

from .. import _native
from . import Abort, Job, RunSettings
from .concurrent_calls import ConcurrentCalls
from .helpers import Helpers
from .message_meter import MessageMeter
from .streams import StreamDecoders
from .tools import answer

__all__ = ["Conversation"]

_EVENT_TOOL_CALL: Final = _native.EVENT_TOOL_CALL
_EVENT_ASYNC_CALL: Final = _native.EVENT_ASYNC_CALL


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
        self.tool_calls = 0
        self._slot = slot
        self._settings = settings
        self._helpers = helpers
        self._job = job
        self._abort = abort
        self._meter = MessageMeter(settings.pool.max_messages_per_second, begun)
        self._concurrent: ConcurrentCalls | None = None
        self._decoders: StreamDecoders | None = None

    @property
    def interruption(self) -> BaseException | None:
        """What a tool raised on a helper thread that is no Exception."""
        return self._concurrent.interruption if self._concurrent is not None else None

    def next_event(self) -> tuple[int, int, object, object] | None:
        """The run's next event; None if there is none yet, which is not for long."""
        now = time.monotonic_ns()
        event = self._slot.next_event(0.0)
        if event is not None:
            return event
        self._meter.caught_up(now)
        concurrent = self._concurrent
        if concurrent is None:
            return self._slot.next_event()
        event = self._slot.next_event(concurrent.time_left())
        if event is None:
            concurrent.expire()
        return event

    def hear(self, kind: int, number: int, first: object, second: object) -> None:
        """Deal with one event that is not the last."""
        ending = self._job.abort
        if ending is None and not self._meter.admit():
            self._abort(Abort.MESSAGE_FLOOD)
            return
        if kind not in (_EVENT_TOOL_CALL, _EVENT_ASYNC_CALL):
            if ending is not Abort.MESSAGE_FLOOD:
                assert isinstance(first, bytes)
                if self._decoders is None:
                    self._decoders = StreamDecoders(self._settings)
                self._decoders.feed(number, first)
            return
        if ending is not None:
            return  # nobody waits for the answer
        assert isinstance(first, str)
        assert isinstance(second, bytes)
        self.tool_calls += 1
        if self.tool_calls > self._settings.max_tool_calls:
            self._abort(Abort.MAX_TOOL_CALLS)
        elif kind == _EVENT_TOOL_CALL:
            self._slot.reply(number, *answer(self._settings, first, second))
        else:
            self._serve_beside(number, first, second)

    def finish(self) -> None:
        """Everything has been heard: pass on what is left of the output."""
        if self._decoders is not None:
            self._decoders.finish()

    def close(self) -> None:
        """The run is over, or nobody listens any more."""
        if self._concurrent is not None:
            self._concurrent.close()

    def _serve_beside(self, call_id: int, name: str, arguments: bytes) -> None:
        calls = self._concurrent
        if calls is None:
            calls = self._concurrent = ConcurrentCalls(
                self._settings, self._helpers, self._slot.reply, lambda: self._abort(Abort.INTERRUPTED)
            )
        if len(calls) >= self._settings.pool.max_pending_tool_calls:
            self._abort(Abort.MESSAGE_FLOOD)
            return
        calls.serve(call_id, name, arguments)
