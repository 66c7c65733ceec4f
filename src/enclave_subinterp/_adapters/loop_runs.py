"""Runs of a slot on an event loop: no thread waits for them.

The loop watches the slot's eventfd.  Tool calls become tasks, so that several may be open at a time; each answers by
its id.  All of it belongs to the loop's thread, but for `LoopChannel.close`.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from .. import _native
from . import Abort, Job, RunSettings
from .incoming import Incoming
from .loop_tools import ToolTasks
from .outcome import lost_outcome, outcome_of

if TYPE_CHECKING:
    from .subinterpreter import SubinterpreterWorker

__all__ = ["LoopChannel", "LoopRun"]

_EVENTS_A_TURN: Final = 64  # then the loop's other callbacks have their turn


class LoopChannel:
    """A slot's eventfd, watched by a loop until the slot is closed."""

    def __init__(self, loop: asyncio.AbstractEventLoop, slot: _native.Slot) -> None:
        self.loop = loop
        self.listener: Callable[[], None] | None = None
        self._slot = (
            slot  # with its last reference the descriptor is closed, which must not be while it is watched
        )
        self._fd = slot.event_fd()
        loop.add_reader(self._fd, self._readable)

    def close(self) -> None:
        """The slot has ended: hear its last word and watch it no more; from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed, and watches nothing any more
            self.loop.call_soon_threadsafe(self._detach)

    def _detach(self) -> None:
        self._readable()
        self.loop.remove_reader(self._fd)

    async def changed(self) -> None:
        """Wait until the slot has something to say."""
        changed = asyncio.Event()
        self.listener = changed.set
        try:
            await changed.wait()
        finally:
            self.listener = None

    def _readable(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._fd)
        if self.listener is not None:
            self.listener()


class LoopRun:
    """One run, from its start to its end."""

    def __init__(
        self,
        worker: SubinterpreterWorker,
        slot: _native.Slot,
        channel: LoopChannel,
        job: Job,
        settings: RunSettings,
    ) -> None:
        self._worker = worker
        self._slot = slot
        self._channel = channel
        self._job = job
        self._settings = settings
        self._context = contextvars.copy_context()  # the awaiting task's: for tools and on_output
        self._failure: Exception | None = None
        self._tools = ToolTasks(settings, channel.loop, self._context, slot.reply, self._fail)
        self._incoming = Incoming(
            settings,
            job,
            time.monotonic_ns(),
            partial(worker.abort, job),
            lambda _kind, call_id, name, arguments: self._tools.begin(call_id, name, arguments),
            lambda: self._tools.under_way,
        )
        self._ended = channel.loop.create_future()

    async def wait(self) -> None:
        """Take the run's events until it is done.

        Cancelled, it halts the run and waits for its end before CancelledError goes on.  So it does when memory is too
        short to hear what the run has to say.
        """
        job = self._job
        self._channel.listener = self._hear
        try:
            await self._ended
        except asyncio.CancelledError:
            self._worker.abort(job, Abort.INTERRUPTED)
            while job.outcome is None:
                self._ended = self._channel.loop.create_future()  # the one before was cancelled with the task
                with contextlib.suppress(asyncio.CancelledError):  # once more: the halt is under way
                    await self._ended
            raise
        finally:
            self._channel.listener = None
            self._tools.cancel()
        if self._failure is not None:
            raise self._failure

    def _hear(self) -> None:
        job = self._job
        if job.outcome is not None:
            return
        try:
            for _ in range(_EVENTS_A_TURN):
                now = time.monotonic_ns()
                event = self._slot.next_event(0)
                if event is None:
                    self._incoming.meter.caught_up(now)
                    return
                kind, number, first, second, share = event
                if kind != _native.EVENT_DONE:
                    self._context.run(self._incoming.hear, kind, number, first, second, share)
                elif number == job.run_id:
                    assert isinstance(first, _native.Done)
                    self._end(first)
                    return
        except _native.NativeError as error:
            self._worker.lost = True
            job.outcome = lost_outcome(job, self._worker.id, str(error))
            self._tell()
            return
        except MemoryError as error:  # what was not heard is still there
            self._fail(error)
        self._channel.loop.call_soon(self._hear)

    def _fail(self, error: Exception) -> None:
        self._failure = self._failure or error
        self._worker.abort(self._job, Abort.INTERRUPTED)

    def _end(self, done: _native.Done) -> None:
        job, worker = self._job, self._worker
        job.outcome = outcome_of(done, job, self._settings, worker.id, self._incoming.tool_calls)
        if done.replace:
            worker.lost = True
        self._context.run(self._incoming.finish)
        worker.see_crash(done, job.outcome.result)
        self._tell()

    def _tell(self) -> None:
        if not self._ended.done():
            self._ended.set_result(None)
