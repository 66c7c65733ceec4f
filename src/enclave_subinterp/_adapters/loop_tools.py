"""Tool calls that an event loop serves: a coroutine function is awaited, a plain one called on an executor's thread."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import time
from collections.abc import Callable
from functools import partial
from typing import Any, final

from . import RunSettings
from .tools import (
    CallRefusedError,
    decode_call,
    encode_error,
    encode_failure,
    encode_timeout,
    encode_value,
)

__all__ = ["ToolTasks"]


@final
class ToolTasks:
    """The calls of one run, each a task of the loop; all of it belongs to the loop's thread.

    Args:
        context: of the task that awaits the run; each call gets a copy.
        reply: called with a call's id and its answer, once.
        fail: called with what kept an answer from being given: the run would wait for it.
    """

    def __init__(
        self,
        settings: RunSettings,
        loop: asyncio.AbstractEventLoop,
        context: contextvars.Context,
        reply: Callable[[int, bool, bytes], object],
        fail: Callable[[Exception], object],
    ) -> None:
        self._settings = settings
        self._loop = loop
        self._context = context
        self._reply = reply
        self._fail = fail
        self._tasks: set[asyncio.Task[None]] = set()
        self.under_way = 0  # not len(_tasks): a task is done some time after its call was answered

    def begin(self, call_id: int, name: str, arguments: bytes) -> None:
        """Serve a call."""
        self.under_way += 1
        task = self._loop.create_task(
            self._serve(call_id, name, arguments),
            name=f"enclave-tool-{name[:40]}",
            context=self._context.copy(),
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel(self) -> None:
        """The run is over: end what is under way."""
        for task in self._tasks:
            task.cancel()

    async def _serve(self, call_id: int, name: str, arguments: bytes) -> None:
        try:
            done, payload = await answer_on_loop(self._settings, name, arguments)
        except asyncio.CancelledError:  # by the run's end, or else the handler's own
            self._answer(call_id, *encode_failure("CancelledError", f"tool {name!r} was cancelled"))
            raise
        except Exception as error:  # noqa: BLE001 - no memory: for whoever awaits the run
            self._fail(error)
            return
        self._answer(call_id, done, payload)

    def _answer(self, call_id: int, done: bool, payload: bytes) -> None:
        self.under_way -= 1
        try:
            self._reply(call_id, done, payload)
        except MemoryError as error:
            self._fail(error)


async def answer_on_loop(settings: RunSettings, name: str, arguments: bytes) -> tuple[bool, bytes]:
    """Serve one call: ``(True, encoded value)`` or ``(False, encoded [name, message])``.

    After `tool_timeout` a coroutine is cancelled; a plain function goes on in its thread and returns to nobody.
    """
    handler = settings.tool_handler
    try:
        decoded = decode_call(name, arguments)
        if handler is None:
            message = f"tool {name!r} cannot be called: the AsyncEnclave has no tool_handler"
            raise CallRefusedError("LookupError", message)
    except CallRefusedError as refused:
        return refused.failure
    limit = settings.tool_timeout
    begun = time.monotonic()
    scope = asyncio.timeout(limit)
    try:
        async with scope:
            value = await _call(handler, name, decoded)
    except Exception as error:  # noqa: BLE001 - by contract every error of a tool arrives in the guest as ToolError
        if limit is not None and scope.expired():
            return encode_timeout(name, limit, time.monotonic() - begun)
        return encode_error(error)
    return encode_value(settings, name, value)


async def _call(handler: Any, name: str, arguments: dict[str, Any]) -> object:
    if inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(
        getattr(type(handler), "__call__", None)  # noqa: B004 - of an object that is called like a function
    ):
        value = handler(name, arguments)
    else:
        call = partial(contextvars.copy_context().run, handler, name, arguments)
        value = await asyncio.get_running_loop().run_in_executor(None, call)
    return await value if inspect.isawaitable(value) else value
