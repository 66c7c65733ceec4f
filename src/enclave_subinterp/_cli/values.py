"""Values of scripts, as text for people and as JSON for programs (`json_values.py`)."""

from __future__ import annotations

from ..json_values import as_json

__all__ = ["as_json", "as_text"]


def as_text(value: object) -> str:
    """The value as Python would write it."""
    try:
        return repr(value)
    except ValueError:  # sys.set_int_max_str_digits
        return f"<{type(value).__name__} with an integer of too many digits; --json writes it in hexadecimal>"
