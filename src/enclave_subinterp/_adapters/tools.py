"""Tool calls on the host's side: what the guest sent is checked, and what it gets for an answer is encoded.

`decode_call`, `encode_value` and `encode_error` serve whoever calls the handler: `answer` here, which calls a plain
function, or a host that awaits a coroutine.  None of them raises anything else than it says, whatever the guest sent or
the tool returned.
"""

from __future__ import annotations

import inspect
import time
from typing import Any, Final

from .. import _native
from . import RunSettings

__all__ = [
    "MAX_NAME",
    "CallRefusedError",
    "answer",
    "decode_call",
    "encode_error",
    "encode_failure",
    "encode_timeout",
    "encode_value",
]

MAX_NAME: Final = 256  # characters of a tool's name
_MAX_TEXT: Final = 8 * 1024  # characters of an exception's message that travel to the guest


class CallRefusedError(Exception):
    """A call that does not reach the handler; `failure` is the answer to it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.failure = encode_failure(name, message)


def answer(settings: RunSettings, name: str, arguments: bytes) -> tuple[bool, bytes]:
    """Serve one call with the plain handler of the settings: ``(True, encoded value)`` or ``(False, encoded [name,
    message])``.

    A handler cannot be interrupted: one that takes longer than `tool_timeout` is answered with a TimeoutError for the
    guest once it returns.  Whatever it raises that is no Exception (KeyboardInterrupt, SystemExit) goes through to the
    caller.
    """
    handler = settings.tool_handler
    try:
        decoded = decode_call(name, arguments)
        if handler is None:
            raise CallRefusedError(
                "LookupError", f"tool {name!r} cannot be called: the Enclave has no tool_handler"
            )
    except CallRefusedError as refused:
        return refused.failure
    limit = settings.tool_timeout
    begun = time.monotonic()
    try:
        value = handler(name, decoded)
    except Exception as error:  # noqa: BLE001 - by contract every error of a tool arrives in the guest as ToolError
        return encode_error(error)
    if limit is not None and time.monotonic() - begun > limit:
        return encode_timeout(name, limit, time.monotonic() - begun)
    if inspect.iscoroutine(value):
        value.close()
        return encode_failure(
            "TypeError", f"tool {name!r} returned a coroutine; an Enclave's tool_handler must not be async"
        )
    return encode_value(settings, name, value)


def decode_call(name: str, arguments: bytes) -> dict[str, Any]:
    """The arguments of a call, after its name was checked.

    Raises:
        CallRefusedError: one of them is not as a handler may expect it.
    """
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise CallRefusedError("ValueError", "a tool's name has 1 to 256 printable characters")
    try:
        decoded = _native.decode(arguments)
    except Exception as error:  # noqa: BLE001 - the bytes are the guest's: any complaint about them goes back to it
        message = f"the arguments of tool {name!r} cannot be decoded: {_text(error)}"
        raise CallRefusedError("ValueError", message) from None
    if type(decoded) is not dict or not all(type(key) is str for key in decoded):
        raise CallRefusedError("TypeError", f"the arguments of tool {name!r} must be a dict with str keys")
    return decoded


def encode_value(settings: RunSettings, name: str, value: object) -> tuple[bool, bytes]:
    """The answer with what a tool returned, or with the reason why that cannot cross."""
    try:
        return True, _native.encode(value, max_size=settings.pool.max_message_size)
    except Exception as error:  # noqa: BLE001 - hostile or odd values of the host's tool must not end the host's run
        return encode_failure(
            type(error).__name__, f"the value of tool {name!r} cannot cross: {_text(error)}"
        )


def encode_error(error: Exception) -> tuple[bool, bytes]:
    """The answer with what a tool raised."""
    return encode_failure(type(error).__name__, _text(error))


def encode_failure(name: str, message: str) -> tuple[bool, bytes]:
    """The answer with an error of that name, which the guest gets as ToolError."""
    try:
        return False, _native.encode([name, message])
    except _native.EncodeError:  # lone surrogates in either
        return False, _native.encode([ascii(name), ascii(message)])


def encode_timeout(name: str, limit: float, taken: float) -> tuple[bool, bytes]:
    """The answer to a call that takes or took too long (seconds)."""
    return encode_failure("TimeoutError", f"tool {name!r} took {taken:.3g} s; the limit is {limit:.3g} s")


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_MAX_TEXT]
    except Exception:  # noqa: BLE001 - a broken __str__ must not hide that the tool failed
        return "(its message cannot be shown)"
