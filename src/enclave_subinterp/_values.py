"""Values that the codec carries through hooks: dates and times, Decimal, UUID.

``encode_table`` makes the encoder's hooks for the modules that are loaded, and
``decode_table`` the decoder's, which import what they need when first used.  Both
sides of a slot use this module; it imports next to nothing, for each slot pays for what it loads.

Encoding trusts exact types alone and reads them through descriptors that were taken
when the table was made, so that nothing a guest does to a class afterwards is run for
the C types and for the slots of the pure-Python ones (3.12 has only those in a guest).
Decoding trusts nothing: a plain value of any other shape is a ``ValueError``.

=========  ==================  =====================================================
tag        type                plain value
=========  ==================  =====================================================
1          datetime.datetime   (year, month, day, hour, minute, second, microsecond,
                               fold, zone)
2          datetime.date       (year, month, day)
3          datetime.time       (hour, minute, second, microsecond, fold, zone)
4          datetime.timedelta  (days, seconds, microseconds), normalised
5          decimal.Decimal     str
6          uuid.UUID           16 bytes
7          datetime.timezone   (days, seconds, microseconds, name or None)
8          zoneinfo.ZoneInfo   str: its key
=========  ==================  =====================================================

A *zone* is None, the tuple of tag 7 or the str of tag 8.
"""

from __future__ import annotations

from types import MemberDescriptorType

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import decimal
    import uuid
    import zoneinfo
    from collections.abc import Callable, Mapping
    from types import ModuleType
    from typing import Any, Final

    type Getter = Callable[[Any], Any]
    # (tag, plain value), or a text that says why this value cannot cross
    type Encoder = Callable[[Any], tuple[int, object] | str]
    type Decoder = Callable[[Any], object]

TAG_DATETIME: Final = 1
TAG_DATE: Final = 2
TAG_TIME: Final = 3
TAG_TIMEDELTA: Final = 4
TAG_DECIMAL: Final = 5
TAG_UUID: Final = 6
TAG_TIMEZONE: Final = 7
TAG_ZONEINFO: Final = 8

_DATE_FIELDS: Final = ("year", "month", "day")
_CLOCK_FIELDS: Final = ("hour", "minute", "second", "microsecond", "fold")
_DELTA_FIELDS: Final = ("days", "seconds", "microseconds")

_MAX_DAYS: Final = 999_999_999  # datetime.timedelta.max.days
_DAY_SECONDS: Final = 24 * 60 * 60
_MAX_ZONE_NAME: Final = 255
_MAX_ZONE_KEY: Final = 64
_ZONE_CHARS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-")
# What Decimal.__str__ writes (and "12E-3", from the digits of the pure-Python one).
_DECIMAL: Final = r"-?(?:[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]{1,19})?|Infinity|s?NaN[0-9]*)"


# ---- encoding ----


def encode_table(modules: Mapping[str, ModuleType]) -> dict[type, Encoder]:
    """The encoder's hooks for those of datetime, decimal, uuid and zoneinfo in *modules*.

    Pass ``sys.modules``; make the table anew when one of them has been imported since.
    """
    table: dict[type, Encoder] = {}
    clock = modules.get("datetime")
    if clock is not None:
        _add_datetime(table, clock, modules.get("zoneinfo"))
    numbers = modules.get("decimal")
    if numbers is not None:
        table[numbers.Decimal] = _decimal_encoder(numbers.Decimal)
    identifiers = modules.get("uuid")
    if identifiers is not None:
        table[identifiers.UUID] = _uuid_encoder(identifiers.UUID)
    return table


def _getter(owner: type, name: str) -> Getter:
    """The C function that reads *name*, kept from now on whatever happens to the class."""
    slot = getattr(owner, "_" + name, None)  # the pure-Python classes: property over slot
    if type(slot) is not MemberDescriptorType:
        slot = getattr(owner, name)
    get: Getter = slot.__get__
    return get


def _fields(owner: type, names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    getters = tuple([_getter(owner, name) for name in names])

    def read(value: Any) -> tuple[Any, ...]:
        return tuple([get(value) for get in getters])

    return read


def _add_datetime(table: dict[type, Encoder], module: ModuleType, zones: ModuleType | None) -> None:
    timezone = module.timezone
    zone_info = None if zones is None else zones.ZoneInfo
    delta_of = _fields(module.timedelta, _DELTA_FIELDS)
    timezone_of = _timezone_reader(module, delta_of)
    key_of = None if zone_info is None else _getter(zone_info, "key")

    def zone_of(zone: Any) -> tuple[Any, ...] | str | None:
        """None where the zone cannot cross."""
        if type(zone) is timezone:
            return timezone_of(zone)
        if key_of is not None and type(zone) is zone_info:
            key = key_of(zone)
            return key if _is_zone_key(key) else None
        return None

    def delta(value: Any) -> tuple[int, object] | str:
        return TAG_TIMEDELTA, delta_of(value)

    date_of = _fields(module.date, _DATE_FIELDS)

    def date(value: Any) -> tuple[int, object] | str:
        return TAG_DATE, date_of(value)

    def zoned(owner: type, tag: int, names: tuple[str, ...], what: str) -> Encoder:
        fields_of = _fields(owner, names)
        tzinfo_of = _getter(owner, "tzinfo")

        def encode(value: Any) -> tuple[int, object] | str:
            tzinfo = tzinfo_of(value)
            if tzinfo is None:
                return tag, (*fields_of(value), None)
            zone = zone_of(tzinfo)
            if zone is None:
                return f"Expected a zone that can cross, got another in a {what}"
            return tag, (*fields_of(value), zone)

        return encode

    def offset(value: Any) -> tuple[int, object] | str:
        return TAG_TIMEZONE, timezone_of(value)

    def named_zone(value: Any) -> tuple[int, object] | str:
        key = zone_of(value)
        if key is None:
            return "Expected a zone that can cross, got a ZoneInfo without a usual key"
        return TAG_ZONEINFO, key

    both = _DATE_FIELDS + _CLOCK_FIELDS
    table[module.datetime] = zoned(module.datetime, TAG_DATETIME, both, "datetime")
    table[module.date] = date
    table[module.time] = zoned(module.time, TAG_TIME, _CLOCK_FIELDS, "time")
    table[module.timedelta] = delta
    table[timezone] = offset
    if zone_info is not None:
        table[zone_info] = named_zone


def _timezone_reader(
    module: ModuleType, delta_of: Callable[[Any], tuple[Any, ...]]
) -> Callable[[Any], tuple[Any, ...]]:
    timezone = module.timezone
    if type(getattr(timezone, "_offset", None)) is MemberDescriptorType:
        offset_of, name_of = timezone._offset.__get__, timezone._name.__get__

        def from_slots(value: Any) -> tuple[Any, ...]:
            return (*delta_of(offset_of(value)), name_of(value))

        return from_slots

    parts_of = timezone.__getinitargs__

    def from_parts(value: Any) -> tuple[Any, ...]:
        parts = parts_of(value)  # (offset,) or (offset, name)
        return (*delta_of(parts[0]), parts[1] if len(parts) > 1 else None)

    return from_parts


def _decimal_encoder(owner: type) -> Encoder:
    if type(getattr(owner, "_sign", None)) is not MemberDescriptorType:
        text_of: Callable[[Any], str] = getattr(owner, "__str__")  # noqa: B009 (of its instances)

        def encode(value: Any) -> tuple[int, object] | str:
            text = text_of(value)
            # a context with capitals=0 writes a small e
            return TAG_DECIMAL, text.replace("e", "E") if "e" in text else text

        return encode

    parts_of = _fields(owner, ("sign", "int", "exp"))

    def encode_parts(value: Any) -> tuple[int, object] | str:
        sign, digits, exponent = parts_of(value)
        minus = "-" if type(sign) is int and sign == 1 else ""
        if type(digits) is str:
            if type(exponent) is int:
                return TAG_DECIMAL, minus + digits + "E" + str(exponent)
            if type(exponent) is str:
                if exponent == "F":
                    return TAG_DECIMAL, minus + "Infinity"
                nan = "sNaN" if exponent == "N" else "NaN"
                return TAG_DECIMAL, minus + nan + digits
        return "Expected a whole Decimal, got one with other parts"

    return encode_parts


def _uuid_encoder(owner: type) -> Encoder:
    number_of = _getter(owner, "int")

    def encode(value: Any) -> tuple[int, object] | str:
        number = number_of(value)
        if type(number) is not int or not 0 <= number < 1 << 128:
            return "Expected a UUID of 128 bits, got another"
        return TAG_UUID, number.to_bytes(16, "big")

    return encode


# ---- decoding ----


def decode_table() -> dict[int, Decoder]:
    """The decoder's hooks; each raises ``ValueError`` for what ``encode_table`` never makes."""
    return {
        TAG_DATETIME: _datetime,
        TAG_DATE: _date,
        TAG_TIME: _time,
        TAG_TIMEDELTA: _timedelta,
        TAG_DECIMAL: _decimal,
        TAG_UUID: _uuid,
        TAG_TIMEZONE: _timezone,
        TAG_ZONEINFO: _zone_info,
    }


def _ints(plain: object, count: int, what: str) -> tuple[Any, ...]:
    """*plain*, if it is a tuple that begins with *count* ints (a bool is none)."""
    if type(plain) is not tuple or not all(type(n) is int for n in plain[:count]):
        raise ValueError(f"the parts of a {what} must be ints in a tuple")
    return plain


def _datetime(plain: object) -> datetime.datetime:
    from datetime import datetime

    parts = _ints(plain, 8, "datetime")
    if len(parts) != 9:
        raise ValueError("a datetime has 9 parts")
    year, month, day, hour, minute, second, microsecond, fold, zone = parts
    try:
        return datetime(year, month, day, hour, minute, second, microsecond, _zone(zone), fold=fold)
    except OverflowError:
        raise ValueError("a part of a datetime is out of range") from None


def _date(plain: object) -> datetime.date:
    from datetime import date

    parts = _ints(plain, 3, "date")
    if len(parts) != 3:
        raise ValueError("a date has 3 parts")
    try:
        return date(*parts)
    except OverflowError:
        raise ValueError("a part of a date is out of range") from None


def _time(plain: object) -> datetime.time:
    from datetime import time

    parts = _ints(plain, 5, "time")
    if len(parts) != 6:
        raise ValueError("a time has 6 parts")
    try:
        return time(*parts[:4], fold=parts[4], tzinfo=_zone(parts[5]))
    except OverflowError:
        raise ValueError("a part of a time is out of range") from None


def _timedelta(plain: object) -> datetime.timedelta:
    from datetime import timedelta

    parts = _ints(plain, 3, "timedelta")
    if len(parts) != 3:
        raise ValueError("a timedelta has 3 parts")
    days, seconds, microseconds = parts
    if not (
        -_MAX_DAYS <= days <= _MAX_DAYS and 0 <= seconds < _DAY_SECONDS and 0 <= microseconds < 1_000_000
    ):
        raise ValueError("a part of a timedelta is out of range")
    return timedelta(days, seconds, microseconds)


def _timezone(plain: object) -> datetime.timezone:
    from datetime import timezone

    parts = _ints(plain, 3, "timezone")
    if len(parts) != 4:
        raise ValueError("a timezone has 4 parts")
    offset, name = _timedelta(parts[:3]), parts[3]
    if name is None:
        return timezone(offset)  # checks the range; the zero offset gives timezone.utc
    if type(name) is not str or len(name) > _MAX_ZONE_NAME:
        raise ValueError("the name of a timezone must be a short str")
    return timezone(offset, name)


def _is_zone_key(key: object) -> bool:
    """A name as in the tz database: no empty part, no dot, so no way out of its directory."""
    if type(key) is not str or len(key) > _MAX_ZONE_KEY:
        return False
    return all(part and _ZONE_CHARS.issuperset(part) for part in key.split("/"))


def _zone_info(plain: object) -> zoneinfo.ZoneInfo:
    if type(plain) is not str or not _is_zone_key(plain):
        raise ValueError("the key of a zone must be a name of the tz database")
    try:
        from zoneinfo import ZoneInfo

        return ZoneInfo(plain)
    except (KeyError, OSError, ImportError):  # no such zone, or no tz database here
        raise ValueError(f"the zone {plain} is not known here") from None


def _zone(plain: object) -> datetime.tzinfo | None:
    if plain is None:
        return None
    return _zone_info(plain) if type(plain) is str else _timezone(plain)


def _decimal(plain: object) -> decimal.Decimal:
    import decimal
    import re

    if type(plain) is not str or re.fullmatch(_DECIMAL, plain) is None:
        raise ValueError("a Decimal must be written as Decimal writes itself")
    try:
        # A context of our own: with the trap off, a bad exponent would become a NaN.
        return decimal.Decimal(plain, decimal.Context(traps=[decimal.InvalidOperation]))
    except decimal.InvalidOperation:
        raise ValueError("a Decimal is out of range") from None


def _uuid(plain: object) -> uuid.UUID:
    from uuid import UUID

    if type(plain) is not bytes or len(plain) != 16:
        raise ValueError("a UUID must be 16 bytes")
    return UUID(bytes=plain)
