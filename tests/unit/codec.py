"""What the tests of the codec share: how values are compared, what a refusal must be like, values by chance, traps."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from enclave_subinterp._native import DecodeError, EncodeError, decode, encode
from tests.fuzz.shape import shape

SEVERAL = settings(max_examples=150, deadline=None, database=None)


def same(a: object, b: object) -> bool:
    return shape(a) == shape(b)


def refused(value: object, reason: str, **limits: int) -> str:
    with pytest.raises(EncodeError) as caught:
        encode(value, **limits)
    assert caught.value.reason == reason
    message = str(caught.value)
    assert message.isascii()
    assert message.isprintable()
    assert len(message) < 256
    return message


def malformed(data: bytes, **limits: int) -> str:
    with pytest.raises(DecodeError) as caught:
        decode(data, **limits)
    message = str(caught.value)
    assert message.isascii()
    assert message.isprintable()
    return message


def u32(tag: int, count: int) -> bytes:
    return bytes([tag]) + struct.pack("<I", count)


def u64(tag: int, count: int) -> bytes:
    return bytes([tag]) + struct.pack("<Q", count)


LIST, TUPLE, DICT, SET, FROZENSET = 0xD0, 0xD1, 0xD2, 0xD3, 0xD4
NONE = b"\xc0"

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(1 << 64), 1 << 64)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
)
KEYS = st.recursive(
    SCALARS.filter(lambda v: v == v),
    lambda inner: st.frozensets(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=5,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(KEYS, inner)
        | st.sets(KEYS)
        | st.frozensets(KEYS)
    ),
    max_leaves=30,
)

RAN: list[str] = []


def trap(name: str) -> Callable[..., Any]:
    def ran(*args: object, **kwargs: object) -> Any:
        RAN.append(name)
        raise AssertionError(f"{name} ran")

    return ran
