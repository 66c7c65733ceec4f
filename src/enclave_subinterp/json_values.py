"""Values of scripts as JSON for programs, and back.

They are plain data by the time they are here (the codec made them), but may be of any size and depth that a message
can have; an integer may have more digits than Python turns into text.
"""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import math
import uuid
from collections.abc import Callable
from typing import Any, Final

__all__ = ["as_json", "from_json", "from_text", "to_text"]

# From how many bits on an integer is written in hexadecimal: Python refuses to write very long ones in decimal.
_LONG: Final = 2048


def as_json(value: object) -> Any:
    """The value as JSON can carry it.

    None, bool, int, finite float, str, list, and dict with names as keys are themselves.  All else is an object with
    one key that begins with ``$`` and names the type; so is a dict that could be mistaken for such a one.
    """
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if value.bit_length() < _LONG else {"$int": hex(value)}
        case float():
            return value if math.isfinite(value) else {"$float": repr(value)}
        case list():
            return [as_json(item) for item in value]
        case dict():
            if all(isinstance(key, str) and not key.startswith("$") for key in value):
                return {key: as_json(item) for key, item in value.items()}
            return {"$dict": [[as_json(key), as_json(item)] for key, item in value.items()]}
        case tuple() | set() | frozenset():
            return {f"${type(value).__name__}": [as_json(item) for item in value]}
        case datetime.datetime() | datetime.date() | datetime.time():
            return {f"${type(value).__name__}": value.isoformat()}
        case datetime.timedelta():
            return {"$timedelta": [value.days, value.seconds, value.microseconds]}
        case decimal.Decimal() | uuid.UUID():
            return {f"${type(value).__name__}": str(value)}
        case bytes() | bytearray() | memoryview():
            return {"$bytes": base64.b64encode(value).decode("ascii")}
        case _:
            return {f"${type(value).__name__}": str(value)}


_MAKERS: Final[dict[str, Callable[[Any], Any]]] = {
    "$int": lambda text: int(text, 16),
    "$float": float,
    "$tuple": tuple,
    "$set": set,
    "$frozenset": frozenset,
    "$datetime": datetime.datetime.fromisoformat,
    "$date": datetime.date.fromisoformat,
    "$time": datetime.time.fromisoformat,
    "$timedelta": lambda parts: datetime.timedelta(*parts),
    "$Decimal": decimal.Decimal,
    "$UUID": uuid.UUID,
    "$bytes": lambda text: base64.b64decode(text, validate=True),
    "$dict": dict,
}


def from_json(found: dict[str, Any]) -> Any:
    """What an object of JSON stands for: the inverse of `as_json`, for one object whose parts are made already.

    Raises:
        ValueError: it has one key with ``$`` that names no type, or something in it that is none of that type.
    """
    if len(found) != 1:
        return found
    ((name, content),) = found.items()
    if not name.startswith("$"):
        return found
    maker = _MAKERS.get(name)
    if maker is None:
        raise ValueError(f"expected one of {', '.join(_MAKERS)}; got {name!r}")
    try:
        return maker(content)
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise ValueError(f"{name}: {error}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f'{name} is not JSON; {{"$float": "{name}"}} is')


_plain_decoder = json.JSONDecoder(parse_constant=_no_constant)
_decoder = json.JSONDecoder(parse_constant=_no_constant, object_hook=from_json)


def from_text(text: str) -> Any:
    """The value that JSON text stands for.

    Raises:
        ValueError: it is not JSON, is nested too deeply, or names a type that there is not.
    """
    try:
        # The hook costs a call for each object: only where there may be something for it to do.
        return (_decoder if '"$' in text or "\\u0024" in text else _plain_decoder).decode(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _is_plain(value: object) -> bool:
    """Whether JSON's own encoder writes this as `as_json` would have it; told quickly, for most is."""
    kind = type(value)
    if kind is list:
        return all(map(_is_plain, value))  # type: ignore[call-overload]
    if kind is dict:
        items = value.items()  # type: ignore[attr-defined]
        return all(type(key) is str and key[:1] != "$" and _is_plain(item) for key, item in items)
    if kind is int:
        return value.bit_length() < _LONG  # type: ignore[attr-defined, no-any-return]
    return kind in _SIMPLE  # a float that is not finite is refused by the encoder


_SIMPLE: Final = frozenset({str, bool, float, type(None)})


def _encode(value: object, *, ascii_only: bool) -> str:
    try:
        return (_ascii_encoder if ascii_only else _encoder).encode(
            value if _is_plain(value) else as_json(value)
        )
    except ValueError:  # infinities, NaN
        return (_ascii_encoder if ascii_only else _encoder).encode(as_json(value))


_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False)
_ascii_encoder = json.JSONEncoder(allow_nan=False, separators=(",", ":"), check_circular=False)


def to_text(value: object) -> bytes:
    """The value as JSON in UTF-8; no NUL is in it."""
    try:
        return _encode(value, ascii_only=False).encode()
    except UnicodeEncodeError:  # lone surrogates
        return _encode(value, ascii_only=True).encode()
