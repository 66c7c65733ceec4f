"""Tool calls on the host's side: arguments in, the handler, and what the guest gets for an answer.

A handler runs on the thread that waits for the run.  It cannot be interrupted: one that takes longer than
`tool_timeout` is answered with a TimeoutError for the guest once it returns; the run's own timeout goes on meanwhile.
"""

from __future__ import annotations

import inspect
import time

from .. import _native
from . import RunSettings

__all__ = ["answer"]

_MAX_TEXT = 8 * 1024  # characters of an exception's message that travel to the guest


def answer(settings: RunSettings, name: str, arguments: bytes) -> tuple[bool, bytes]:
    """Serve one call: ``(True, encoded value)`` or ``(False, encoded [name, message])``.

    Whatever the handler raises that is no Exception (KeyboardInterrupt, SystemExit) goes through to the caller.
    """
    handler = settings.tool_handler
    if handler is None:
        return _failure("LookupError", f"tool {name!r} cannot be called: the Enclave has no tool_handler")
    try:
        decoded = _native.decode(arguments)
    except Exception as error:  # noqa: BLE001 - the bytes are the guest's: any complaint about them goes back to it
        return _failure("ValueError", f"the arguments of tool {name!r} cannot be decoded: {_text(error)}")
    if type(decoded) is not dict or not all(type(key) is str for key in decoded):
        return _failure("TypeError", f"the arguments of tool {name!r} must be a dict with str keys")
    limit = settings.tool_timeout
    begun = time.monotonic()
    try:
        value = handler(name, decoded)
    except Exception as error:  # noqa: BLE001 - by contract every error of a tool arrives in the guest as ToolError
        return _failure(type(error).__name__, _text(error))
    taken = time.monotonic() - begun
    if inspect.iscoroutine(value):
        value.close()
        return _failure(
            "TypeError", f"tool {name!r} returned a coroutine; an Enclave's tool_handler must not be async"
        )
    if limit is not None and taken > limit:
        return _failure("TimeoutError", f"tool {name!r} took {taken:.3g} s; the limit is {limit:.3g} s")
    try:
        return True, _native.encode(value, max_size=settings.pool.max_message_size)
    except Exception as error:  # noqa: BLE001 - hostile or odd values of the host's tool must not end the host's run
        return _failure(type(error).__name__, f"the value of tool {name!r} cannot cross: {_text(error)}")


def _failure(name: str, message: str) -> tuple[bool, bytes]:
    try:
        return False, _native.encode([name, message])
    except _native.EncodeError:  # lone surrogates in either
        return False, _native.encode([ascii(name), ascii(message)])


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_MAX_TEXT]
    except Exception:  # noqa: BLE001 - a broken __str__ must not hide that the tool failed
        return "(its message cannot be shown)"
