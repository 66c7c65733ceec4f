"""The codec's hooks: types of a caller's own, and the dates, decimals and their like that `_values` carries by them."""

import datetime
import decimal
import gc
import importlib.util
import struct
import sys
import types
import uuid
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enclave_subinterp import _native, _values
from enclave_subinterp._native import decode, encode
from tests.unit.codec import DICT, LIST, NONE, SET, SEVERAL, malformed, refused, trap, u32, u64

pytestmark = pytest.mark.usefixtures("hooks")

UTC = datetime.UTC

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


# --- dates, decimals and their like ----------------------------------------------------------------------------------

HOURS = datetime.timedelta(hours=1)
EAST = datetime.timezone(5 * HOURS + datetime.timedelta(minutes=30, seconds=1, microseconds=2))
NAMED = datetime.timezone(-3 * HOURS, "Ünamed")


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[zoneinfo.ZoneInfo]:
    """One of a database of our own: not every machine has one."""
    counts = struct.pack(">6i", 0, 0, 0, 0, 1, 4)
    (tmp_path / "Somewhere").write_bytes(
        b"TZif" + bytes(16) + counts + struct.pack(">iBB", 3600, 0, 0) + b"SWT\0"
    )
    zoneinfo.reset_tzpath([tmp_path])
    yield zoneinfo.ZoneInfo("Somewhere")
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


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


def test_a_zone_by_its_key(zone: zoneinfo.ZoneInfo) -> None:
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
    utcoffset = tzname = dst = trap("tzinfo")


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


def test_the_encoder_has_hooks_for_what_is_loaded_only(zone: zoneinfo.ZoneInfo) -> None:
    assert _values.encode_table({}) == {}
    assert set(_values.encode_table({"uuid": uuid})) == {uuid.UUID}
    without = _values.encode_table({"datetime": datetime})
    assert set(without) == {
        datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone,
    }  # fmt: skip
    assert isinstance(without[datetime.datetime](datetime.datetime(2020, 1, 1, tzinfo=zone)), str)
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
            setattr(owner, name, trap(name))
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
            setattr(owner, name, property(trap(name)))
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
