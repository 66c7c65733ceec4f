"""What a value is, for those who compare what arrived with what was sent."""

import struct
from typing import Any


def shape(value: Any) -> object:
    """Something that is equal for values of equal type, content and order; NaN is NaN, -0.0 is not 0.0."""
    kind = type(value)
    if kind is float:
        return kind, struct.pack("<d", value)
    if kind in {list, tuple}:
        return kind, tuple(map(shape, value))
    if kind is dict:
        return kind, tuple((shape(key), shape(item)) for key, item in value.items())
    if kind in {set, frozenset}:
        return kind, frozenset(map(shape, value))
    # Dates are equal whatever their fold, and a Decimal that is no number is not equal to itself.
    return kind, value if kind in {int, str, bytes} else repr(value)
