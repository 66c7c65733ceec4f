"""The codec: what crosses and how it arrives, what is refused and why, limits and arguments."""

import collections
import datetime
import enum
import math
import random
import struct
import sys
import threading
import tracemalloc
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given

from enclave_subinterp import _native
from enclave_subinterp._native import DecodeError, EncodeError, decode, encode
from tests.unit.codec import (
    DICT,
    FROZENSET,
    LIST,
    NONE,
    SET,
    SEVERAL,
    TUPLE,
    VALUES,
    malformed,
    refused,
    same,
    trap,
    u32,
    u64,
)

pytestmark = pytest.mark.usefixtures("hooks")

# --- there and back --------------------------------------------------------------------------------------------------

INTS = [n + d for bits in (0, 3, 4, 7, 8, 15, 16, 31, 32, 62, 63, 64, 71, 127, 128, 1000) for n in (1 << bits,)
        for d in (-1, 0, 1)]  # fmt: skip

PLAIN = [
    None, True, False, *INTS, *[-n for n in INTS], -16, -17, 111, 112,
    0.0, -0.0, 1.5, math.inf, -math.inf, math.nan, sys.float_info.max, 5e-324,
    "", "a", "é", "€", "\U0001f600", "\x00", "a\x00b", "x" * 63, "x" * 64, "é" * 31, "é" * 32, "€" * 200,
    "\U0010ffff" * 70,
    b"", b"\x00", bytes(range(256)),
    [], [None], [[]], (), ((),), {}, {"a": {}}, set(), {1}, frozenset(), frozenset({1, "a", None}),
    {1: 2, "a": [1, (2, {"b"})], (1, ("x", frozenset({2.5}))): None, None: True, False: None, b"k": "v", 2.5: []},
    {frozenset({frozenset({1}), (1, 2)}): 1},
]  # fmt: skip


def named(value: object) -> str:
    """A name that does not depend on the order of a set."""
    return "some set" if isinstance(value, frozenset) and len(value) > 1 else repr(value)[:40]


@pytest.mark.parametrize("value", PLAIN, ids=named)
def test_a_value_arrives_as_it_was(value: object) -> None:
    assert same(decode(encode(value)), value)


def test_the_bits_of_a_nan_arrive() -> None:
    odd = struct.unpack("<d", struct.pack("<Q", 0xFFF8_0000_DEAD_BEEF))[0]
    assert same(decode(encode(odd)), odd)


def test_the_order_of_a_dict_is_kept() -> None:
    keys = random.Random(1).sample(range(10**9), 3000)
    assert list(decode(encode(dict.fromkeys(keys)))) == keys


@pytest.mark.parametrize("digits", [100, 5000, 100_000])
def test_an_int_of_many_digits_crosses_without_the_limit_of_text(digits: int) -> None:
    for n in (10**digits, -(10**digits), (1 << digits) - 1, -(1 << digits)):
        data = encode(n)
        assert decode(data) == n
        assert len(data) < n.bit_length() // 8 + 8


@pytest.mark.parametrize("size", range(9, 40))
def test_an_int_is_written_in_its_shortest_form(size: int) -> None:
    lowest, highest = -(1 << (8 * size - 1)), (1 << (8 * size - 1)) - 1
    for n in (lowest, highest):
        assert encode(n) == bytes([0xC4, size]) + n.to_bytes(size, "little", signed=True)
    assert len(encode(lowest - 1)) == len(encode(highest + 1)) == size + 3


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (-16, b"\x00"), (0, b"\x10"), (111, b"\x7f"), (112, b"\xc8\x70"), (-17, b"\xc8\xef"), (-129, b"\xc9\x7f\xff"),
        (1 << 62, b"\xcf" + (1 << 62).to_bytes(8, "little")), ("", b"\x80"), ("ab", b"\x82ab"),
        ("x" * 64, b"\xc5\x40" + b"x" * 64), (b"ab", b"\xc6\x02ab"), (1.0, b"\xc3" + struct.pack("<d", 1.0)),
        (None, NONE), (False, b"\xc1"), (True, b"\xc2"), ([], u32(LIST, 0)), ((None,), u32(TUPLE, 1) + NONE),
        ({"a": 1}, u32(DICT, 1) + b"\x81a\x11"), (set(), u64(SET, 0)), (frozenset({0}), u64(FROZENSET, 1) + b"\x10"),
    ],
)  # fmt: skip
def test_the_format_is_the_documented_one(value: object, data: bytes) -> None:
    assert encode(value) == data
    assert same(decode(data), value)


@pytest.mark.parametrize(
    "buffer",
    [
        bytearray(b"ab"),
        bytearray(),
        memoryview(b"ab"),
        memoryview(b"xabx")[1:3],
        memoryview(bytearray(b"\x01\x00\x02\x00")).cast("H"),
        memoryview(bytes(range(6))).cast("B", (2, 3)),
    ],
)
def test_buffers_arrive_as_bytes(buffer: bytearray | memoryview) -> None:
    assert same(decode(encode(buffer)), bytes(buffer))
    assert same(decode(encode([buffer])), [bytes(buffer)])


@SEVERAL
@given(VALUES)
def test_any_value_arrives_as_it_was(value: object) -> None:
    data = encode(value)
    assert same(decode(data), value)
    assert encode(decode(data), max_size=len(data)) is not None


def test_a_thousand_nested_items() -> None:
    value = {f"key{i}": {"id": i, "name": f"item {i}", "v": [i, i * 0.5, None]} for i in range(1000)}
    assert same(decode(encode(value)), value)


def test_keys_that_recur_in_many_dicts_are_not_mixed_up() -> None:
    rows = [{f"{a}{b}{'x' * n}": n for a in "abcdefgh" for b in "01é"} for n in range(40)]
    assert decode(encode(rows)) == rows


# --- subclasses: their base's value, and none of their code ----------------------------------------------------------


METHODS = [
    "__abs__", "__add__", "__and__", "__bool__", "__buffer__", "__bytes__", "__ceil__", "__complex__",
    "__contains__", "__copy__", "__deepcopy__", "__dir__", "__divmod__", "__eq__", "__float__",
    "__floor__", "__format__", "__ge__", "__getattr__", "__getattribute__", "__getitem__",
    "__getnewargs__", "__getnewargs_ex__", "__getstate__", "__gt__", "__hash__", "__index__", "__int__",
    "__invert__", "__iter__", "__le__", "__len__", "__length_hint__", "__lt__", "__missing__", "__mod__",
    "__mul__", "__ne__", "__neg__", "__next__", "__or__", "__pos__", "__reduce__", "__reduce_ex__",
    "__repr__", "__reversed__", "__round__", "__setattr__", "__sizeof__", "__str__", "__sub__",
    "__trunc__", "as_integer_ratio", "bit_length", "copy", "decode", "encode", "get", "hex", "items",
    "keys", "to_bytes", "values",
]  # fmt: skip


class Meta(type):
    """A class whose class is hostile as well."""

    __hash__ = trap("Meta.__hash__")
    __eq__ = trap("Meta.__eq__")
    __instancecheck__ = trap("Meta.__instancecheck__")
    __subclasscheck__ = trap("Meta.__subclasscheck__")
    __repr__ = trap("Meta.__repr__")
    __getattribute__ = trap("Meta.__getattribute__")
    __bool__ = trap("Meta.__bool__")


def hostile(base: type, *, hashable: bool = False) -> type:
    """A subclass of *base* whose every method gives itself away; for keys __hash__ and __eq__ must work."""
    space: dict[str, object] = {name: trap(name) for name in METHODS}
    space["__class__"] = property(trap("__class__"))
    space["__dict__"] = property(trap("__dict__"))
    if hashable:
        space["__hash__"], space["__eq__"] = object.__hash__, object.__eq__
    return type.__new__(Meta, "Hostile", (base,), space)


@pytest.mark.parametrize(
    ("base", "value"),
    [
        (int, 7), (int, -(10**9)), (int, 10**50), (float, -0.0), (float, 2.5), (str, "abc"), (str, "é€" * 50),
        (str, ""), (bytes, b"abc"), (bytearray, b"abc"), (list, [1, [2]]), (tuple, (1, (2,))), (dict, {"a": 1, 2: [3]}),
        (set, {1, "a"}), (frozenset, {1, "a"}),
    ],
)  # fmt: skip
def test_no_method_of_a_subclass_runs(base: type, value: object, ran: list[str]) -> None:
    guest = base.__new__(hostile(base), value) if base not in {list, dict, set, bytearray} else None
    if guest is None:
        guest = base.__new__(hostile(base))
        base.__init__(guest, value)
    data = encode([guest, {"k": guest}, (guest,)])
    assert ran == []
    plain = bytes(value) if base is bytearray else base(value)
    assert same(decode(data), [plain, {"k": plain}, (plain,)])


@pytest.mark.parametrize(
    ("base", "value"), [(int, 7), (str, "abc"), (tuple, (1, 2)), (frozenset, {3}), (bytes, b"k")]
)
def test_no_method_of_a_key_runs(base: type, value: object, ran: list[str]) -> None:
    key = base.__new__(hostile(base, hashable=True), value)
    data = encode([{key: 1}, {key}])
    assert ran == []
    plain = base(value)
    assert same(decode(data), [{plain: 1}, {plain}])


def test_a_foreign_type_is_refused_without_asking_it(ran: list[str]) -> None:
    message = refused({"x": object.__new__(hostile(object))}, "type")
    assert message == "Expected a value that can cross, got `Hostile` - at `$.x`"
    refused(hostile(object), "type")
    assert ran == []


def test_a_class_that_lies_about_itself_is_taken_for_what_it_is() -> None:
    class Liar:
        __class__ = int

        def __index__(self) -> int:
            return 7

    assert isinstance(Liar(), int)
    refused(Liar(), "type")


def test_usual_subclasses() -> None:
    class Colour(enum.IntEnum):
        RED = 3

    class Word(enum.StrEnum):
        YES = "yes"

    class Point(NamedTuple):
        x: int
        y: int

    value = [Colour.RED, Word.YES, Point(1, 2), collections.OrderedDict(a=1), collections.Counter("aab")]
    assert same(decode(encode(value)), [3, "yes", (1, 2), {"a": 1}, {"a": 2, "b": 1}])
    assert same(decode(encode(collections.defaultdict(list, a=[1]))), {"a": [1]})


# --- refusals --------------------------------------------------------------------------------------------------------


class Plain(enum.Enum):
    ONE = 1


class UnhashableIsNot(list):
    __hash__ = object.__hash__


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "Expected a value that can cross, got `object` - at `$`"),
        (1j, "Expected a value that can cross, got `complex` - at `$`"),
        (len, "Expected a value that can cross, got `builtin_function_or_method` - at `$`"),
        (..., "Expected a value that can cross, got `ellipsis` - at `$`"),
        (range(3), "Expected a value that can cross, got `range` - at `$`"),
        (Plain.ONE, "Expected a value that can cross, got `Plain` - at `$`"),
        (ValueError("x"), "Expected a value that can cross, got `ValueError` - at `$`"),
        (sys, "Expected a value that can cross, got `module` - at `$`"),
        (types.MappingProxyType({}), "Expected a value that can cross, got `mappingproxy` - at `$`"),
        ({"x": object()}, "Expected a value that can cross, got `object` - at `$.x`"),
        ({"a": [1, 2, (3, 1j)]}, "Expected a value that can cross, got `complex` - at `$.a[2][1]`"),
        ({"a b": {7: {2.5: {"": 1j}}}}, 'Expected a value that can cross, got `complex` - at `$["a b"][7][...][""]`'),
        ({"`é\n": {True: 1j}}, 'Expected a value that can cross, got `complex` - at `$["???"][...]`'),
        ({1 << 70: {-5: 1j}}, "Expected a value that can cross, got `complex` - at `$[...][-5]`"),
        ({"k" * 99: 1j}, f'Expected a value that can cross, got `complex` - at `$["{'k' * 28}..."]`'),
        ({1j: 1}, "Expected a value that can cross, got `complex` - at `$<key>`"),
        ({(1, 1j): 1}, "Expected a value that can cross, got `complex` - at `$<key>[1]`"),
        ([{1j}], "Expected a value that can cross, got `complex` - at `$[0]<item>`"),
        ({UnhashableIsNot(): 1}, "Expected a hashable key, got `UnhashableIsNot` - at `$<key>`"),
        ({(UnhashableIsNot(),)}, "Expected a hashable key, got `UnhashableIsNot` - at `$<item>[0]`"),
        ("a\ud800", "Expected text without lone surrogates, got `str` - at `$`"),
        (["\udfff"], "Expected text without lone surrogates, got `str` - at `$[0]`"),
        ({"\U0001f600\udc80": 1}, "Expected text without lone surrogates, got `str` - at `$<key>`"),
        (
            memoryview(b"abcd")[::2],
            "Expected a memoryview that is C-contiguous and not released, got `memoryview` - at `$`",
        ),
    ],
)  # fmt: skip
def test_what_cannot_cross_is_refused_with_its_place(value: object, message: str) -> None:
    assert refused(value, "type") == message


def test_a_released_memoryview_is_refused() -> None:
    view = memoryview(b"ab")
    view.release()
    refused([view], "type")


def test_the_name_of_a_type_cannot_do_harm() -> None:
    for name in ("`\n\x1b[31m\r", "é" * 200, "x" * 10_000, "%s%n", "\U0001f600"):
        message = refused(type(name, (), {})(), "type")
        assert message.endswith(" - at `$`")
        assert message.count("`") == 4


def test_a_long_path_keeps_its_end() -> None:
    value: object = {"last": 1j}
    for i in range(50):
        value = [value] if i % 2 else {"step": value}
    message = refused(value, "type")
    assert message.startswith("Expected a value that can cross, got `complex` - at `$...")
    assert message.endswith("[0].step.last`")


def test_a_failure_leaves_nothing_behind() -> None:
    value = [{"a": [1, {2: (3, object())}]}, "x" * 1000]
    item = value[0]
    before = sys.getrefcount(item)
    for _ in range(100):
        refused(value, "type")
        refused(value, "size", max_size=10)
        refused(value, "depth", max_depth=2)
    assert sys.getrefcount(item) == before


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", PLAIN, ids=named)
def test_the_limit_of_size_is_exact(value: object) -> None:
    size = len(encode(value))
    assert len(encode(value, max_size=size)) == size
    refused(value, "size", max_size=size - 1)
    refused(value, "size", max_size=0)


def test_the_limit_of_size_is_in_the_message() -> None:
    assert refused({"a": "x" * 100}, "size", max_size=64) == (
        "Expected a value of at most 64 bytes, got a larger one - at `$.a`"
    )


@pytest.mark.parametrize(
    "huge",
    [b"x" * 10**7, "x" * 10**7, "é" * 10**7, 1 << 10**8, [None] * 10**6, (0,) * 10**6],
    ids=["bytes", "str", "wide", "int", "list", "tuple"],
)
def test_what_is_too_large_is_not_copied_first(huge: object) -> None:
    tracemalloc.start()
    try:
        refused(huge, "size", max_size=10**5)
        assert tracemalloc.get_traced_memory()[1] < 10**5
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "make", [list, tuple, lambda pair: dict(enumerate(pair)), lambda pair: [{"": pair[0]}, pair]]
)
def test_shared_references_cannot_explode(make: Callable[[list[object]], object]) -> None:
    bomb: object = []
    for _ in range(60):
        bomb = make([bomb, bomb])
    refused(bomb, "size", max_size=10**6)


def test_items_that_weigh_nothing_are_counted() -> None:
    row: list[object] = [()] * 1000
    refused([row] * 1000, "size", max_size=10**6)
    refused([None] * 1001, "size", max_size=1000)


@pytest.mark.parametrize("depth", [1, 2, 200, 500])
def test_the_limit_of_depth_is_exact(depth: int) -> None:
    value: Any = []
    for i in range(depth - 1):
        value = [[value], (value,), {"": value}][i % 3]
    data = encode(value, max_depth=depth)
    # not by ==: that stops at some depth
    assert encode(decode(data, max_depth=depth), max_depth=depth) == data
    if depth > 1:
        message = refused(value, "depth", max_depth=depth - 1)
        assert message.startswith(
            f"Expected at most {depth - 1} containers inside each other, got more - at `$"
        )
        assert malformed(data, max_depth=depth - 1).startswith(f"Expected at most {depth - 1} containers")


def test_the_depth_without_a_limit_is_200() -> None:
    value: Any = ()
    for _ in range(199):
        value = (value,)
    decode(encode(value))
    refused((value,), "depth")


def test_nesting_without_end_is_not_followed() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    refused(value, "depth")
    malformed(u32(LIST, 1) * 100_000 + NONE)
    while value:  # or it is the garbage collector that digs
        value = value.pop()


def cycles() -> list[object]:
    a: list[object] = []
    a.append(a)
    b: dict[object, object] = {}
    b["self"] = {"b": b}
    c: list[object] = [1]
    c.append((c,))
    d: list[Any] = [[] for _ in range(150)]
    for i, item in enumerate(d):
        item.append(d[(i + 1) % 150])
    e = collections.deque([[]])
    e[0].append({"x": e[0]})
    return [a, b, c, d[0], e[0], [{"in": a}]]


@pytest.mark.parametrize("value", cycles(), ids=["list", "dict", "tuple", "ring", "mixed", "deeper"])
def test_a_cycle_is_told_from_depth(value: object) -> None:
    message = refused(value, "cycle")
    assert message.startswith("Expected a value without cycles, got a `")
    assert "` that contains itself - at `$..." in message


def test_the_default_limit_of_size_is_16_mib() -> None:
    assert len(encode(b"x" * (16 * 1024 * 1024 - 5))) == 16 * 1024 * 1024
    refused(b"x" * (16 * 1024 * 1024 - 4), "size")


def test_the_deepest_value_fits_a_small_stack() -> None:
    class Sub(dict):
        pass

    value: Any = datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC)
    for _ in range(500):
        value = Sub(k=value)
    results: list[object] = []

    def work() -> None:
        data = encode(value, max_depth=500)
        results.append(data)
        results.append(decode(data, max_depth=500))

    sanitized = "libasan" in Path("/proc/self/maps").read_text(encoding="ascii", errors="replace")
    before = threading.stack_size((2048 if sanitized else 256) * 1024)  # its frames are larger
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert len(results) == 2
    assert encode(results[1], max_depth=500) == results[0]


# --- arguments -------------------------------------------------------------------------------------------------------


def test_arguments_by_place_and_by_name() -> None:
    assert encode([[]], 100, 2) == encode([[]], max_size=100, max_depth=2) == encode([[]], 100, max_depth=2)
    assert decode(encode([[]]), 2) == decode(encode([[]]), max_depth=2) == [[]]
    assert encode(1, 1 << 80) == b"\x11"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: encode(), TypeError),
        (lambda: encode(1, 2, 3, 4), TypeError),
        (lambda: encode(value=1), TypeError),
        (lambda: encode(1, 2, max_size=3), TypeError),
        (lambda: encode(1, max_length=3), TypeError),
        (lambda: encode(1, "2"), TypeError),
        (lambda: encode(1, -1), ValueError),
        (lambda: encode(1, max_depth=0), ValueError),
        (lambda: encode(1, max_depth=501), ValueError),
        (lambda: encode(1, max_depth=1 << 80), ValueError),
        (lambda: decode("x"), TypeError),
        (lambda: decode(bytearray(b"\x11")), TypeError),
        (lambda: decode(b"\x11", 0), ValueError),
        (lambda: decode(b"\x11", max_size=1), TypeError),
        (lambda: _native.set_ext({}), TypeError),
        (lambda: _native.set_ext([], {}), TypeError),
        (lambda: _native.set_ext({1: len}, {}), TypeError),
        (lambda: _native.set_ext({int: 1}, {}), TypeError),
        (lambda: _native.set_ext({}, {-1: len}), TypeError),
        (lambda: _native.set_ext({}, {65536: len}), TypeError),
        (lambda: _native.set_ext({}, {True: len}), TypeError),
        (lambda: _native.set_ext({}, {1: None}), TypeError),
    ],
)  # fmt: skip
def test_wrong_arguments(call: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error


def test_the_exceptions() -> None:
    assert issubclass(EncodeError, ValueError)
    assert issubclass(DecodeError, ValueError)
    assert EncodeError.__module__ == DecodeError.__module__ == "enclave_subinterp._native"
    assert EncodeError("x").reason == ""
