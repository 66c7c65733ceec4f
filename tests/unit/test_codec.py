"""The codec: what crosses and how it arrives, what is refused and why, and bytes that nobody made."""

import collections
import datetime
import decimal
import enum
import gc
import importlib.util
import math
import random
import struct
import sys
import threading
import tracemalloc
import types
import uuid
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enclave_subinterp import _native, _values
from enclave_subinterp._native import DecodeError, EncodeError, decode, encode

UTC = datetime.UTC
MERSENNE = (1 << 61) - 1  # hash(n * MERSENNE) == 0 for every int n
SEVERAL = settings(max_examples=150, deadline=None, database=None)


@pytest.fixture(autouse=True)
def hooks() -> Iterator[None]:
    """The hooks of _values, put back to what they were afterwards."""
    before = {name: getattr(_native, name, None) for name in ("_ext_encode", "_ext_decode")}
    _native.set_ext(_values.encode_table(sys.modules), _values.decode_table())
    yield
    _native.set_ext(*before.values())


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
    return kind, value


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


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: repr(value)[:40])
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

RAN: list[str] = []


def _trap(name: str) -> Callable[..., Any]:
    def ran(*args: object, **kwargs: object) -> Any:
        RAN.append(name)
        raise AssertionError(f"{name} ran")

    return ran


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

    __hash__ = _trap("Meta.__hash__")
    __eq__ = _trap("Meta.__eq__")
    __instancecheck__ = _trap("Meta.__instancecheck__")
    __subclasscheck__ = _trap("Meta.__subclasscheck__")
    __repr__ = _trap("Meta.__repr__")
    __getattribute__ = _trap("Meta.__getattribute__")
    __bool__ = _trap("Meta.__bool__")


def hostile(base: type, *, hashable: bool = False) -> type:
    """A subclass of *base* whose every method gives itself away; for keys __hash__ and __eq__ must work."""
    space: dict[str, object] = {name: _trap(name) for name in METHODS}
    space["__class__"] = property(_trap("__class__"))
    space["__dict__"] = property(_trap("__dict__"))
    if hashable:
        space["__hash__"], space["__eq__"] = object.__hash__, object.__eq__
    return type.__new__(Meta, "Hostile", (base,), space)


@pytest.fixture
def ran() -> Iterator[list[str]]:
    RAN.clear()
    yield RAN
    RAN.clear()


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


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: repr(value)[:40])
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

    value: Any = datetime.datetime(2020, 1, 2, tzinfo=UTC)
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


# --- hooks -----------------------------------------------------------------------------------------------------------


class Thing:
    def __init__(self, value: object = None) -> None:
        self.value = value


def test_a_hook_carries_its_type_and_no_other() -> None:
    class Sub(Thing):
        pass

    _native.set_ext({Thing: lambda t: (65535, [t.value])}, {65535: lambda plain: Thing(*plain)})
    data = encode([Thing(5), {"a": Thing("x")}])
    assert data == u32(LIST, 2) + b"\xc7\xff\xff\x03" + u32(LIST, 1) + b"\x15" + u32(DICT, 1) + (
        b"\x81a\xc7\xff\xff\x03" + u32(LIST, 1) + b"\x81x"
    )
    first, second = decode(data)
    assert (type(first), first.value, second["a"].value) == (Thing, 5, "x")
    refused(Sub(), "type")
    _native.set_ext(None, None)
    refused(Thing(), "type")
    assert malformed(data) == "Expected a known kind of hooked value, got another - at byte 5"


def test_a_hook_may_refuse() -> None:
    _native.set_ext({Thing: lambda t: "Expected a better Thing, got `x`\n" + "y" * 300}, None)
    message = refused([Thing()], "type")
    assert message.startswith("Expected a better Thing, got ?x??yyy")
    assert message.endswith("yyy... - at `$[0]`")


@pytest.mark.parametrize(
    "result", [None, 1, (), (1,), (1, 2, 3), ("1", 2), (-1, 2), (65536, 2), (1 << 80, 2), (True, 2)]
)
def test_a_hook_that_returns_nonsense(result: object) -> None:
    _native.set_ext({Thing: lambda t: result}, None)
    with pytest.raises(TypeError, match="a hook of the encoder must return"):
        encode([Thing()])


def test_what_a_hook_raises_is_passed_on() -> None:
    def hook(thing: object) -> Any:
        raise LookupError("mine")

    _native.set_ext({Thing: hook}, None)
    with pytest.raises(LookupError, match="mine"):
        encode({"a": (1, Thing())})


def test_a_hook_gives_plain_values_only() -> None:
    _native.set_ext({Thing: lambda t: (1, t.value)}, {1: Thing})
    message = refused(Thing([Thing()]), "type")
    assert message == "Expected a value that can cross, got `Thing` - at `$[0]`"
    assert (
        malformed(b"\xc7\x01\xc7\x01\xc0") == "Expected a plain value, got another of the hooks' - at byte 2"
    )


def test_a_hook_may_add_four_levels() -> None:
    _native.set_ext({Thing: lambda t: (1, [[[[t.value]]]])}, {1: Thing})
    data = encode([Thing()], max_depth=1)
    assert isinstance(decode(data, max_depth=1)[0], Thing)
    refused([Thing([])], "depth", max_depth=1)
    malformed(data.replace(NONE, u32(LIST, 0)), max_depth=1)


@pytest.mark.parametrize(
    "error", [ValueError("no\n\ud800"), TypeError(), KeyError("k"), RecursionError("deep")]
)
def test_an_error_of_a_decoding_hook_is_one_of_the_bytes(error: Exception) -> None:
    def hook(plain: object) -> Any:
        raise error

    _native.set_ext(None, {1: hook})
    detail = {ValueError: "no??", TypeError: "TypeError", KeyError: "k", RecursionError: "deep"}[type(error)]
    assert malformed(u32(LIST, 1) + b"\xc7\x01\xc0") == f"Expected a valid value: {detail} - at byte 5"


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt, SystemExit])
def test_what_is_not_the_fault_of_the_bytes_is_passed_on(error: type[BaseException]) -> None:
    def hook(plain: object) -> Any:
        raise error

    _native.set_ext(None, {1: hook})
    with pytest.raises(error):
        decode(b"\xc7\x01\xc0")


def test_a_key_of_a_hook_must_be_hashable() -> None:
    _native.set_ext(None, {1: lambda plain: [plain]})
    for data in (u32(DICT, 1) + b"\xc7\x01\xc0\xc0", u64(SET, 1) + b"\xc7\x01\xc0"):
        assert malformed(data).startswith("Expected a hashable ")


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (lambda: [Thing(), 1, 2], list.clear),
        (lambda: [Thing(), 1, 2], lambda v: v.append(3)),
        (lambda: [1, Thing()], list.clear),
        (lambda: {"a": Thing(), "b": [1]}, dict.clear),
        (lambda: {"a": Thing(), "b": [1]}, lambda v: v.update(c=1)),
        (lambda: {Thing(): [[1]], 1: 2}, dict.clear),
        (lambda: {Thing(), 1, 2}, set.clear),
        (lambda: {Thing(), 1, 2}, lambda v: v.update(range(100))),
    ],
)
def test_a_container_that_changes_under_a_hook(
    make: Callable[[], Any], change: Callable[[Any], object]
) -> None:
    value = make()

    def hook(thing: object) -> Any:
        change(value)
        gc.collect()
        return 1, None

    _native.set_ext({Thing: hook}, None)
    with pytest.raises(RuntimeError, match="changed its size while it was encoded"):
        encode([value, 1])


def test_containers_freed_under_a_hook() -> None:
    outer: list[Any] = [[[{"k": [Thing(), "x" * 50]}]], 1]

    def hook(thing: object) -> Any:
        outer[0] = [None] * 10
        gc.collect()
        return 1, bytes(1000)

    _native.set_ext({Thing: hook}, {1: len})
    assert decode(encode(outer)) == [[[{"k": [1000, "x" * 50]}]], 1]


# --- bytes that nobody made ------------------------------------------------------------------------------------------

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


# --- dates, decimals and their like ----------------------------------------------------------------------------------

HOURS = datetime.timedelta(hours=1)
EAST = datetime.timezone(5 * HOURS + datetime.timedelta(minutes=30, seconds=1, microseconds=2))
NAMED = datetime.timezone(-3 * HOURS, "Ünamed")


def some_zone() -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo("Europe/Zurich")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("no tz database here")


HOOKED = [
    datetime.datetime(2024, 2, 29, 23, 59, 59, 999_999),
    datetime.datetime(2024, 10, 27, 2, 30, fold=1),
    datetime.datetime(1, 1, 1, tzinfo=UTC),
    datetime.datetime(9999, 12, 31, tzinfo=EAST),
    datetime.datetime.max,
    datetime.date.min,
    datetime.date.max,
    datetime.time(),
    datetime.time(1, 2, 3, 4, tzinfo=NAMED, fold=1),
    datetime.timedelta(),
    datetime.timedelta.min,
    datetime.timedelta.max,
    datetime.timedelta(microseconds=-1),
    UTC,
    EAST,
    NAMED,
    datetime.timezone(HOURS * 0, "zero"),
    uuid.UUID(int=0),
    uuid.UUID(int=(1 << 128) - 1),
    uuid.UUID("12345678-1234-5678-1234-567812345678"),
    *map(
        decimal.Decimal,
        [
            "0",
            "-0",
            "1",
            "1.50",
            "-1E+5",
            "1E-999999",
            "0E+999999",
            "123456789012345678901234567890.5",
            "Infinity",
            "-Infinity",
        ],
    ),
]


@pytest.mark.parametrize("value", HOOKED, ids=repr)
def test_a_hooked_value_arrives_as_it_was(value: Any) -> None:
    for got in (decode(encode(value)), decode(encode([value]))[0], next(iter(decode(encode({value: 1}))))):
        assert type(got) is type(value)
        assert repr(got) == repr(value)
        assert got == value
        if isinstance(value, (datetime.datetime, datetime.time)):
            assert (got.fold, got.tzinfo) == (value.fold, value.tzinfo)


@pytest.mark.parametrize("text", ["NaN", "-NaN", "NaN123", "sNaN", "-sNaN5"])
def test_a_decimal_that_is_no_number_arrives(text: str) -> None:
    got = decode(encode(decimal.Decimal(text)))
    assert (type(got), str(got)) == (decimal.Decimal, text)


def test_a_decimal_does_not_depend_on_the_context() -> None:
    value = decimal.Decimal("1.23456789E+1000")
    with decimal.localcontext(decimal.Context(prec=2, capitals=0, traps=[])):
        data = encode(value)
        assert decode(data) == value
        assert malformed(b"\xc7\x05" + encode("1E+9999999999999999999")).startswith(
            "Expected a valid value: a Decimal"
        )


def test_a_zone_by_its_key() -> None:
    zone = some_zone()
    assert decode(encode(zone)) is zone
    value = datetime.datetime(2024, 7, 1, tzinfo=zone)
    got = decode(encode([value, datetime.time(1, tzinfo=zone)]))
    assert got == [value, datetime.time(1, tzinfo=zone)]
    assert got[0].tzinfo is zone


@SEVERAL
@given(
    st.datetimes(timezones=st.none() | st.just(UTC) | st.just(EAST))
    | st.times()
    | st.timedeltas()
    | st.decimals()
)
def test_any_hooked_value_arrives_as_it_was(value: object) -> None:
    assert repr(decode(encode(value))) == repr(value)


class OtherZone(datetime.tzinfo):
    utcoffset = tzname = dst = _trap("tzinfo")


@pytest.mark.parametrize(
    "value", [datetime.datetime(2020, 1, 1, tzinfo=OtherZone()), datetime.time(tzinfo=OtherZone())]
)
def test_another_kind_of_zone_is_refused(value: datetime.datetime | datetime.time, ran: list[str]) -> None:
    what = type(value).__name__
    assert refused([value], "type") == f"Expected a zone that can cross, got another in a {what} - at `$[0]`"
    assert ran == []


def test_subclasses_of_hooked_types_are_refused() -> None:
    class Day(datetime.date):
        pass

    class Number(decimal.Decimal):
        pass

    class Identifier(uuid.UUID):
        pass

    for value in (Day(2020, 1, 2), Number(1), Identifier(int=1)):
        refused(value, "type")


def test_a_uuid_made_by_force_is_refused() -> None:
    for number in (-1, 1 << 128, "x", None):
        value = uuid.UUID(int=1)
        object.__setattr__(value, "int", number)
        assert refused(value, "type") == "Expected a UUID of 128 bits, got another - at `$`"


TZ = (0, 3600, 0, None)
WRONG = [
    (tag, plain)
    for tag, shapes in {
        1: [(), [], "x", (2020, 1, 2), (2020, 13, 1, 0, 0, 0, 0, 0, None), (2020, 1, 1, 0, 0, 0, 0, 2, None),
            (2020, 1, 1, 0, 0, 0, 0, 0), (2020, 1, 1, 0, 0, 0, 0, 0, None, None), (2020, True, 1, 0, 0, 0, 0, 0, None),
            (2020.0, 1, 1, 0, 0, 0, 0, 0, None), (10**30, 1, 1, 0, 0, 0, 0, 0, None), (2020, 1, 1, 0, 0, 0, 0, 0, 5),
            (2020, 1, 1, 0, 0, 0, 0, 0, (1, 0, 0, None)), (2020, 1, 1, 0, 0, 0, 0, 0, "../etc/passwd")],
        2: [None, (2020, 1), (2020, 2, 30), (0, 1, 1), [2020, 1, 1], (2020, 1, "1"), (2020, 1, 1, 1), (10**30, 1, 1)],
        3: [(1, 2, 3, 4, 0), (24, 0, 0, 0, 0, None), (0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 2, None),
            (10**30, 0, 0, 0, 0, None)],
        4: [(1, 2), (10**9, 0, 0), (0, 86400, 0), (0, 0, 10**6), (0, -1, 0), (0, 0, 0.5), 5],
        5: [5, "", "x", " 1", "1 ", "1_0", "١", "1e5", ".5", "5.", "+1", "1E", "--1", "NaNx", "inf",
            "1E+9999999999999999999"],
        6: ["x" * 16, b"", bytes(15), bytes(17), 5],
        7: [(0, 0, 0), (1, 0, 0, None), (-2, 0, 0, None), (0, 0, 0, 5), (0, 0, 0, "x" * 256), None,
            (0, 90000, 0, None)],
        8: ["", "/etc/passwd", "../x", "Europe/../x", "Europe//Zurich", "Europe/", "x" * 65, "No/Such_Zone", "Europe",
            "é", 5, "a\x00b", "a.b"],
    }.items()
    for plain in shapes
]  # fmt: skip


@pytest.mark.parametrize(("tag", "plain"), WRONG, ids=lambda part: repr(part)[:50])
def test_a_hooked_value_of_another_shape_is_refused(tag: int, plain: object) -> None:
    assert malformed(bytes([0xC7, tag]) + encode(plain)).startswith("Expected a valid value: ")
    with pytest.raises(ValueError):  # noqa: PT011 (the message is the codec's to show)
        _values.decode_table()[tag](plain)


def test_the_encoder_has_hooks_for_what_is_loaded_only() -> None:
    assert _values.encode_table({}) == {}
    assert set(_values.encode_table({"uuid": uuid})) == {uuid.UUID}
    without = _values.encode_table({"datetime": datetime})
    assert set(without) == {
        datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone,
    }  # fmt: skip
    assert isinstance(without[datetime.datetime](datetime.datetime(2020, 1, 1, tzinfo=some_zone())), str)
    assert set(_values.encode_table(sys.modules)) == {*without, decimal.Decimal, uuid.UUID, zoneinfo.ZoneInfo}


def pure(name: str) -> types.ModuleType:
    """A copy of our own of a pure-Python module, as a guest of 3.12 has it."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pure_python_classes_cross_as_well() -> None:
    clock, numbers = pure("_pydatetime"), pure("_pydecimal")
    _native.set_ext(_values.encode_table({"datetime": clock, "decimal": numbers}), _values.decode_table())
    east = clock.timezone(clock.timedelta(hours=5), "east")
    for value in (
        clock.datetime(2020, 1, 2, 3, 4, 5, 6, east, fold=1),
        clock.datetime(2020, 1, 2, tzinfo=clock.timezone.utc),
        clock.date(2020, 1, 2),
        clock.time(1, 2, 3, 4),
        clock.timedelta(-5, 6, 7),
        clock.timezone(clock.timedelta(0)),
        east,
    ):
        got = decode(encode(value))
        assert type(got) is getattr(datetime, type(value).__name__)
        assert str(got) == str(value)
        assert getattr(got, "fold", 0) == getattr(value, "fold", 0)
    for text in ["0", "-0", "1.50", "-1E+5", "1E-50", "Infinity", "-Infinity", "NaN", "-NaN12", "sNaN3"]:
        got = decode(encode(numbers.Decimal(text)))
        assert type(got) is decimal.Decimal
        assert got.as_tuple() == decimal.Decimal(text).as_tuple()


def test_a_guest_that_changes_the_pure_python_classes_is_not_run(ran: list[str]) -> None:
    clock, numbers = pure("_pydatetime"), pure("_pydecimal")
    _native.set_ext(_values.encode_table({"datetime": clock, "decimal": numbers}), _values.decode_table())
    values = [
        clock.datetime(2020, 1, 2, tzinfo=clock.timezone(clock.timedelta(hours=1))),
        clock.date(2020, 1, 2),
        clock.timedelta(1),
        numbers.Decimal("1.5"),
    ]
    for owner in (clock.datetime, clock.date, clock.time, clock.timedelta, clock.timezone, numbers.Decimal):
        for name in (
            "__getattribute__",
            "__str__",
            "__repr__",
            "__reduce__",
            "utcoffset",
            "__getinitargs__",
            "__eq__",
        ):
            setattr(owner, name, _trap(name))
        for name in (
            "year",
            "_year",
            "days",
            "_days",
            "_sign",
            "_exp",
            "tzinfo",
            "_tzinfo",
            "_offset",
            "_name",
        ):
            setattr(owner, name, property(_trap(name)))
    data = encode(values)
    assert ran == []
    assert decode(data) == [
        datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone(HOURS)),
        datetime.date(2020, 1, 2),
        datetime.timedelta(1),
        decimal.Decimal("1.5"),
    ]


def test_parts_put_there_by_force_do_not_arrive() -> None:
    clock, numbers = pure("_pydatetime"), pure("_pydecimal")
    _native.set_ext(_values.encode_table({"datetime": clock, "decimal": numbers}), _values.decode_table())
    day, number = clock.date(2020, 1, 2), numbers.Decimal(1)
    day._year = "2020"
    malformed(encode(day))
    day._year = object()
    refused(day, "type")
    number._int = "7; drop"
    malformed(encode(number))
    number._exp = object()
    assert refused(number, "type") == "Expected a whole Decimal, got one with other parts - at `$`"
