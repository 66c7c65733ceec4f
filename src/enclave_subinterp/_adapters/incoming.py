"""What a run says before it is done: its messages are counted, its output passed on, its tool calls let through.

The limits of the host's side are here, for threads and event loops alike; how a call is served is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from .. import _native
from . import Abort, Job, RunSettings
from .message_meter import MessageMeter
from .streams import StreamDecoders

__all__ = ["Incoming"]

_EVENT_OUTPUT: Final = _native.EVENT_OUTPUT


@final
class Incoming:
    """That of one run, heard on one thread.

    Args:
        begun: when the run was handed over, monotonic nanoseconds.
        abort: ends the run from the host's side.
        serve: begins to serve a call that is let through: the event's kind, the call's id, the tool's name and the
            encoded arguments.
        under_way: how many calls have been let through and not been answered.  A call is counted down before its answer
            goes out, for the guest may have sent the next one by the time that follows.
    """

    __slots__ = ("_abort", "_decoders", "_job", "_serve", "_settings", "_under_way", "meter", "tool_calls")

    def __init__(
        self,
        settings: RunSettings,
        job: Job,
        begun: int,
        abort: Callable[[Abort], object],
        serve: Callable[[int, int, str, bytes], object],
        under_way: Callable[[], int],
    ) -> None:
        self.tool_calls = 0
        self.meter = MessageMeter(settings.pool.max_messages_per_second, begun)
        self._settings = settings
        self._job = job
        self._abort = abort
        self._serve = serve
        self._under_way = under_way
        self._decoders: StreamDecoders | None = None

    def hear(self, kind: int, number: int, first: object, second: object, share: int) -> None:
        """Deal with one event that is not the last; `share` is what its size takes, as the core has it."""
        ending = self._job.abort
        if ending is None and not self.meter.admit(share):
            self._abort(Abort.MESSAGE_FLOOD)
            return
        if kind == _EVENT_OUTPUT:
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
        elif self._under_way() >= self._settings.pool.max_pending_tool_calls:
            self._abort(Abort.MESSAGE_FLOOD)
        else:
            self._serve(kind, number, first, second)

    def finish(self) -> None:
        """Everything has been heard: pass on what is left of the output."""
        if self._decoders is not None:
            self._decoders.finish()
