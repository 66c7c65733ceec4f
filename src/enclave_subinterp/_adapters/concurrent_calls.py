"""The tool calls of one run that are under way at the same time, each on a helper thread.

Ownership: the thread that waits for the run calls everything but `_serve`, which runs on the helpers.  Whoever takes a
call out of `_unserved` serves it, whoever takes it out of `_open` answers it; taking is one step of a dict, so each is
done once.
"""

from __future__ import annotations

import contextvars
import os
import time
from collections.abc import Callable
from functools import partial
from typing import final

from .._log import Log
from . import RunSettings
from .helpers import Helpers
from .tools import answer, encode_timeout

__all__ = ["ConcurrentCalls"]

_log = Log("enclave_subinterp.worker")


@final
class ConcurrentCalls:
    """Those of one run.

    Args:
        reply: called with a call's id and its answer, on any thread.
        interrupt: called when a tool raised what is no Exception, or no answer could be given: the run is to be ended.
    """

    def __init__(
        self,
        settings: RunSettings,
        helpers: Helpers,
        reply: Callable[[int, bool, bytes], object],
        interrupt: Callable[[], object],
    ) -> None:
        self.interruption: BaseException | None = None
        self._settings = settings
        self._helpers = helpers
        self._reply = reply
        self._interrupt = interrupt
        self._pid = os.getpid()
        self._unserved: dict[int, tuple[str, bytes]] = {}
        self._open: dict[int, tuple[str, float]] = {}  # name and when it came (monotonic), the oldest first

    def __len__(self) -> int:
        return len(self._open)

    def serve(self, call_id: int, name: str, arguments: bytes) -> None:
        """Have the call served by a helper, or here if none can be had."""
        self._open[call_id] = (name, time.monotonic())
        self._unserved[call_id] = (name, arguments)
        context = contextvars.copy_context()
        if not self._helpers.submit(partial(context.run, self._serve, call_id)):
            self._serve(call_id)

    def time_left(self) -> float | None:
        """Seconds until the oldest call has taken too long; None if none can."""
        limit = self._settings.tool_timeout
        if limit is None:
            return None
        came = next((came for _, came in list(self._open.values())), None)
        return None if came is None else max(0.0, came + limit - time.monotonic())

    def expire(self) -> None:
        """Answer the calls that have taken too long; what their tools return later is dropped."""
        limit = self._settings.tool_timeout
        now = time.monotonic()
        for call_id, (name, came) in list(self._open.items()):
            if limit is None or now - came < limit:
                break
            if self._open.pop(call_id, None) is not None:
                self._unserved.pop(call_id, None)
                self._reply(call_id, *encode_timeout(name, limit, now - came))

    def close(self) -> None:
        """The run is over: what has not begun never will, and nobody waits for the rest."""
        self._unserved.clear()
        self._open.clear()

    def _serve(self, call_id: int) -> None:
        call = self._unserved.pop(call_id, None)
        if call is None:
            return
        try:
            done, payload = answer(self._settings, *call)
            returned_in_child = os.getpid() != self._pid
            if not returned_in_child and self._open.pop(call_id, None) is not None:
                self._reply(call_id, done, payload)
        except BaseException as error:  # noqa: BLE001 - KeyboardInterrupt, SystemExit, no memory: for whoever waits for the run
            self.interruption = error
            self._interrupt()
            return
        if returned_in_child:
            # There is nobody to return to in the child, and its helper would wait for ever for the next call.
            _log.critical("a tool called fork() and returned in the child, which ends here")
            os._exit(1)
