"""The codec: bytes that nobody made are refused or decoded, at a cost that is in proportion to them."""

import datetime
import gc
import sys
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enclave_subinterp._native import DecodeError, EncodeError, decode, encode
from tests.unit.codec import DICT, FROZENSET, LIST, NONE, SET, SEVERAL, TUPLE, VALUES, malformed, u32, u64

pytestmark = pytest.mark.usefixtures("hooks")

MERSENNE = (1 << 61) - 1  # hash(n * MERSENNE) == 0 for every int n

SAMPLES = [
    encode(value)
    for value in (
        [1, -300, 1 << 40, 1 << 90, "abc", "é" * 50, b"xyz", 2.5, None, True],
        {"a": [1, (2, {"b"})], (1, frozenset({2.5})): {"c": {}}, b"k" * 70: "x" * 70},
        {1, "a", (2, 3), frozenset({4})},
    )
] + [b"\xc7\x02" + encode((2020, 1, 2)), b"\xc7\x06" + encode(bytes(16))]


def survives(data: bytes) -> None:
    """Either a value that can be written again, or DecodeError."""
    try:
        value = decode(data)
    except DecodeError:
        pass
    else:
        encode(value)


@pytest.mark.parametrize("data", SAMPLES, ids=range(len(SAMPLES)))
def test_every_cut_is_noticed(data: bytes) -> None:
    decode(data)
    for n in range(len(data)):
        malformed(data[:n])
    assert malformed(data + b"\x00") == f"Expected the end, got more bytes - at byte {len(data)}"


@pytest.mark.parametrize("data", SAMPLES, ids=range(len(SAMPLES)))
def test_changed_bytes_do_no_harm(data: bytes) -> None:
    for at in range(len(data)):
        for new in {0, 0x7F, 0x80, 0xBF, 0xFF, *range(0xC0, 0xD6), data[at] ^ 1, data[at] ^ 0x40}:
            survives(data[:at] + bytes([new]) + data[at + 1 :])


@SEVERAL
@given(st.binary(max_size=200))
def test_random_bytes_do_no_harm(data: bytes) -> None:
    survives(data)


@SEVERAL
@given(st.lists(st.sampled_from([
    b"\x10", b"\x80", b"\x81a", b"\xc3", b"\xc4\x09", b"\xc5\x40", b"\xc6\x01", b"\xc7\x01", b"\xc7\x05", b"\xc8",
    b"\xcf", NONE, u32(LIST, 1), u32(LIST, 3), u32(TUPLE, 2), u32(DICT, 1), u32(DICT, 2), u64(SET, 2),
    u64(FROZENSET, 1), b"\xff" * 8,
]), max_size=40))  # fmt: skip
def test_shuffled_pieces_do_no_harm(pieces: list[bytes]) -> None:
    survives(b"".join(pieces))


@SEVERAL
@given(VALUES, st.data())
def test_a_value_with_one_byte_changed_does_no_harm(value: object, data: st.DataObject) -> None:
    raw = bytearray(encode(value))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    survives(bytes(raw))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Expected a value, got no bytes"),
        (b"\xd5", "Expected a known tag, got 0xd5 - at byte 0"),
        (u32(LIST, 1) + b"\xff", "Expected a known tag, got 0xff - at byte 5"),
        (b"\xc3\x00", "Expected 8 more bytes, got 1 - at byte 1"),
        (b"\x85abc", "Expected 5 more bytes, got 3 - at byte 1"),
        (b"\xc6\x05abc", "Expected more bytes than there are - at byte 2"),
        (b"\xc6" + b"\xff" * 9 + b"\x01", "Expected more bytes than there are - at byte 11"),
        (b"\xc6" + b"\xff" * 9 + b"\x02", "Expected a number of at most 64 bits - at byte 1"),
        (b"\xc6" + b"\xff" * 30, "Expected a number of at most 64 bits - at byte 1"),
        (b"\xc6\x83\x00abc", "Expected a number in its shortest form - at byte 1"),
        (b"\xc6\x80\x80\x00", "Expected a number in its shortest form - at byte 1"),
        (b"\xc5\x03abc", "Expected a str in its shortest form - at byte 0"),
        (b"\xc8\x05", "Expected an int in its shortest form - at byte 0"),
        (b"\xc8\xf0", "Expected an int in its shortest form - at byte 0"),
        (b"\xc9\x70\x00", "Expected an int in its shortest form - at byte 0"),
        (b"\xc9\x80\xff", "Expected an int in its shortest form - at byte 0"),
        (b"\xc4\x08" + b"\x11" * 8, "Expected an int in its shortest form - at byte 0"),
        (b"\xc4\x00", "Expected an int in its shortest form - at byte 0"),
        (b"\xc4\x09" + b"\x11" * 8 + b"\x00", "Expected an int in its shortest form - at byte 0"),
        (b"\xc4\x0a" + b"\xff" * 10, "Expected an int in its shortest form - at byte 0"),
        (b"\x81\xff", "Expected text in UTF-8 - at byte 1"),
        (b"\x82\xc0\xaf", "Expected text in UTF-8 - at byte 1"),
        (b"\x83\xed\xa0\x80", "Expected text in UTF-8 - at byte 1"),
        (b"\x84\xf4\x90\x80\x80", "Expected text in UTF-8 - at byte 1"),
        (u32(LIST, 2) + NONE, "Expected more items than there are bytes - at byte 0"),
        (u32(DICT, 1) + NONE, "Expected more items than there are bytes - at byte 0"),
        (u32(LIST, 0xFFFFFFFF), "Expected more items than there are bytes - at byte 0"),
        (u64(SET, (1 << 64) - 1), "Expected more items than there are bytes - at byte 0"),
        (u32(LIST, 2) + b"\x82ab", "Expected 2 more bytes, got 1 - at byte 6"),
        (u32(DICT, 1) + u32(LIST, 0) + NONE, "Expected a hashable key, got `list` - at byte 5"),
        (u32(DICT, 1) + u32(DICT, 0) + NONE, "Expected a hashable key, got `dict` - at byte 5"),
        (u64(SET, 1) + u64(SET, 0), "Expected a hashable key, got `set` - at byte 9"),
        (u64(SET, 1) + u32(TUPLE, 1) + u32(LIST, 0), "Expected a hashable key, got `list` - at byte 14"),
        (u32(DICT, 2) + b"\x81a\xc0\x81a\xc0", "Expected each key once, got one again - at byte 8"),
        (u32(DICT, 2) + b"\x11\xc0\xc2\xc0", "Expected each key once, got one again - at byte 7"),
        (u64(SET, 2) + b"\x11\x11", "Expected each item once, got one again - at byte 10"),
        (u64(FROZENSET, 2) + b"\x10\xc1", "Expected each item once, got one again - at byte 10"),
        (b"\xc7\x63\xc0", "Expected a known kind of hooked value, got another - at byte 0"),
        (b"\xc7\xff\xff\xff\xff\x0f\xc0", "Expected a known kind of hooked value, got another - at byte 0"),
    ],
)  # fmt: skip
def test_malformed_bytes_are_named(data: bytes, message: str) -> None:
    assert malformed(data) == message


@pytest.mark.parametrize("tag", [LIST, TUPLE])
def test_claims_do_not_allocate_more_than_the_message(tag: int) -> None:
    # Each list claims as many items as there are bytes behind it: together 200 times too many.
    data = u32(tag, 10**6) * 200 + bytes(10**6)
    tracemalloc.start()
    try:
        assert malformed(data).startswith("Expected more items than there are bytes - at byte 5")
        assert tracemalloc.get_traced_memory()[1] < 9 * 10**6
    finally:
        tracemalloc.stop()


def test_a_message_does_not_blow_up_in_memory() -> None:
    for value in ([set() for _ in range(1000)], [[] for _ in range(1000)], [{0: 0} for _ in range(1000)]):
        data = encode(value)
        tracemalloc.start()
        try:
            kept = decode(data)
            assert tracemalloc.get_traced_memory()[0] < 45 * len(data)
        finally:
            tracemalloc.stop()
        del kept


def test_keys_made_to_collide_are_refused() -> None:
    keys = [n * MERSENNE for n in range(1, 20_000)]
    body = b"".join(map(encode, keys))
    pairs = b"".join(encode(key) + NONE for key in keys)
    tuples = b"".join(encode((key, 1)) for key in keys)
    for data in (
        u64(SET, len(keys)) + body,
        u64(FROZENSET, len(keys)) + body,
        u64(SET, len(keys)) + tuples,
        u32(DICT, len(keys)) + pairs,
    ):
        assert "Expected keys with hashes of their own, got too many with the same" in malformed(data)


@pytest.mark.parametrize(
    "keys",
    [
        range(30_000),
        range(-(10**12), 10**12, 10**8),
        [n << 20 for n in range(20_000)],
        [n / 7 for n in range(20_000)],
        [2.0**n for n in range(-1074, 1024)],
        [(a, b) for a in range(-100, 100) for b in range(-100, 100)],
        [n * MERSENNE for n in range(64)],
    ],
    ids=str,
)
def test_usual_keys_do_not_pass_for_collisions(keys: Any) -> None:
    assert decode(encode(set(keys))) == set(keys)
    assert decode(encode(dict.fromkeys(keys))) == dict.fromkeys(keys)


def test_neither_side_keeps_memory() -> None:
    value = {"a": [1 << 70, (2.5, "é" * 100)], "d": datetime.date(2020, 1, 2), "s": {1, (2, 3)}}
    good = encode(value)
    bad = [good[:n] for n in range(len(good))] + [u64(SET, 200) + bytes(200)]

    def work() -> None:
        for _ in range(20):
            decode(encode(value))
            for data in bad:
                with pytest.raises(DecodeError):
                    decode(data)
            for broken in ([value, 1j], {"x": [value, "\ud800"]}):
                with pytest.raises(EncodeError):
                    encode(broken)

    work()
    gc.collect()
    before = sys.getallocatedblocks()
    work()
    gc.collect()
    assert sys.getallocatedblocks() - before < 200
