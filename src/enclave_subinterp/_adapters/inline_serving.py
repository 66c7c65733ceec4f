"""Who serves the callbacks of an inline run: the thread that runs the script and helpers, or an event loop."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, final

from . import RunSettings
from .concurrent_calls import ConcurrentCalls
from .helpers import Helpers
from .streams import StreamDecoders

if TYPE_CHECKING:
    from .inline_run import InlineRun

__all__ = ["LoopServing", "Serving", "ThreadServing"]


class Serving(Protocol):
    """The host's side of one run."""

    direct: bool  # a call for which the script waits may be served by its own thread

    def attend(self, run: InlineRun) -> None:
        """The run begins; before everything else."""

    def feed(self, stream: int, data: bytes) -> None:
        """Output of stream 1 or 2 has come."""

    def begin(self, call_id: int, name: str, arguments: bytes) -> None:
        """Have a call served elsewhere, and `run.reply` called."""

    def time_left(self) -> float | None:
        """Seconds until `expire` is to be called; None for never."""

    def expire(self) -> None:
        """Answer the calls that have taken too long."""

    def finish(self) -> None:
        """The run is over: nobody waits for calls any more; pass on what is left of the output."""


@final
class ThreadServing:
    """For a caller that waits: in the thread of the script where it waits too, else by helpers."""

    direct = True

    def __init__(self, settings: RunSettings, helpers: Helpers) -> None:
        self._settings = settings
        self._helpers = helpers
        self._decoders: StreamDecoders | None = None
        self._concurrent: ConcurrentCalls | None = None
        self._run: InlineRun | None = None

    def attend(self, run: InlineRun) -> None:
        """See `Serving`."""
        self._run = run

    def feed(self, stream: int, data: bytes) -> None:
        """See `Serving`."""
        if self._decoders is None:
            self._decoders = StreamDecoders(self._settings)
        self._decoders.feed(stream, data)

    def begin(self, call_id: int, name: str, arguments: bytes) -> None:
        """See `Serving`."""
        run = self._run
        assert run is not None
        if self._concurrent is None:
            self._concurrent = ConcurrentCalls(self._settings, self._helpers, run.reply, self._interrupt)
        self._concurrent.serve(call_id, name, arguments)

    def time_left(self) -> float | None:
        """See `Serving`."""
        return None if self._concurrent is None else self._concurrent.time_left()

    def expire(self) -> None:
        """See `Serving`."""
        if self._concurrent is not None:
            self._concurrent.expire()

    def finish(self) -> None:
        """See `Serving`."""
        if self._concurrent is not None:
            self._concurrent.close()
        if self._decoders is not None:
            self._decoders.finish()

    def _interrupt(self) -> None:
        assert self._run is not None
        assert self._concurrent is not None
        assert self._concurrent.interruption is not None
        self._run.interrupted(self._concurrent.interruption)


@final
class LoopServing:
    """For a task that awaits the run, whose script has a thread of its own."""

    direct = False

    def __init__(self, settings: RunSettings, loop: asyncio.AbstractEventLoop) -> None:
        from .loop_tools import ToolTasks

        self._loop = loop
        self._context = contextvars.copy_context()  # the awaiting task's: for tools and on_output
        self._decoders = StreamDecoders(settings)
        self._tools = ToolTasks(settings, loop, self._context, self._reply, self._fail)
        self._run: InlineRun | None = None

    def attend(self, run: InlineRun) -> None:
        """See `Serving`."""
        self._run = run

    def feed(self, stream: int, data: bytes) -> None:
        """See `Serving`."""
        self._on_loop(self._decoders.feed, stream, data)

    def begin(self, call_id: int, name: str, arguments: bytes) -> None:
        """See `Serving`."""
        self._on_loop(self._tools.begin, call_id, name, arguments)

    def time_left(self) -> float | None:
        """The tasks see to that."""
        return None

    def expire(self) -> None:
        """The tasks see to that."""

    def finish(self) -> None:
        """See `Serving`."""
        self._on_loop(self._tools.cancel)
        self._on_loop(self._decoders.finish)

    def _reply(self, call_id: int, done: bool, payload: bytes) -> None:
        assert self._run is not None
        self._run.reply(call_id, done, payload)

    def _fail(self, error: Exception) -> None:
        assert self._run is not None
        self._run.interrupted(error)

    def _on_loop(self, function: Callable[..., object], *args: object) -> None:
        with contextlib.suppress(RuntimeError):  # it is closed, and nobody awaits the run any more
            self._loop.call_soon_threadsafe(self._context.run, function, *args)
