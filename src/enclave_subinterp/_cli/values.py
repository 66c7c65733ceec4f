"""Values of scripts, as text for people and as JSON for programs.

They are plain data by the time they are here (the codec made them), but may be of any size and depth that a message
can have; an integer may have more digits than Python turns into text.
"""

from __future__ import annotations

import base64
import datetime
import decimal
import math
import uuid
from typing import Any

__all__ = ["as_json", "as_text"]


def as_text(value: object) -> str:
    """The value as Python would write it."""
    try:
        return repr(value)
    except ValueError:  # sys.set_int_max_str_digits
        return f"<{type(value).__name__} with an integer of too many digits; --json writes it in hexadecimal>"


def as_json(value: object) -> Any:
    """The value as JSON can carry it.

    None, bool, int, finite float, str, list, and dict with names as keys are themselves.  All else is an object with
    one key that begins with ``$`` and names the type; so is a dict that could be mistaken for such a one.
    """
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if value.bit_length() < 2048 else {"$int": hex(value)}
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
