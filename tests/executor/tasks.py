"""What the executors are asked to do. Workers import this file; it imports nothing that a worker may lack."""

from __future__ import annotations

import dataclasses
import enum
import functools
import os
import pickle
import sys
import threading
from collections import namedtuple
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

# --- Calls ---------------------------------------------------------------------------------------------------------


def identity(value: Any) -> Any:
    return value


def nothing(*args: Any) -> None:
    pass


def capture(*args: Any, **kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return args, kwargs


def square(number: int) -> int:
    return number * number


def add(left: int, right: int, third: int = 0) -> int:
    return left + right + third


def describe(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


def fill(size: int) -> bytes:
    return b"x" * size


def checksum(*buffers: Any) -> int:
    import zlib

    return functools.reduce(lambda seen, buffer: zlib.crc32(buffer, seen), buffers, 0)


def append_to(items: list[Any], item: Any) -> list[Any]:
    items.append(item)
    return items


def same_twice(first: Any, second: Any) -> bool:
    return first is second


def is_main_guarded() -> bool:
    return __name__ == "tests.executor.tasks"


class Adder:
    """A picklable instance with methods of every kind; called itself too."""

    base = 100

    def __init__(self, amount: int) -> None:
        self.amount = amount

    def add(self, number: int) -> int:
        return number + self.amount

    __call__ = add

    @classmethod
    def from_base(cls, number: int) -> int:
        return cls.base + number

    @staticmethod
    def double(number: int) -> int:
        return 2 * number

    class Inner:
        def triple(self, number: int) -> int:
            return 3 * number


@functools.lru_cache
def cached(number: int) -> int:
    return number + 1


# --- Values --------------------------------------------------------------------------------------------------------


class Colour(enum.Enum):
    RED = 1
    GREEN = "green"


class Access(enum.Flag):
    READ = enum.auto()
    WRITE = enum.auto()


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


@dataclasses.dataclass
class Point:
    x: int
    y: int
    tags: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    name: str
    value: float


Pair = namedtuple("Pair", "left right")


class Row(NamedTuple):
    key: str
    count: int = 0


class Text(str):
    """A subclass of a plain type."""

    __slots__ = ()


class Reduced:
    """Says itself how it is pickled."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __reduce__(self) -> Any:
        return Reduced, (self.value,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reduced) and other.value == self.value

    __hash__ = None  # type: ignore[assignment]


class OutOfBand:
    """Hands its bytes over as the big array packages do."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __reduce_ex__(self, protocol: Any) -> Any:
        if protocol >= 5:
            return OutOfBand, (pickle.PickleBuffer(self.data),)
        return OutOfBand, (bytearray(self.data),)

    def first(self) -> int:
        return memoryview(self.data)[0]


def bump_first(array: OutOfBand) -> OutOfBand:
    array.data[0] += 1
    return array


class Unpicklable:
    def __reduce__(self) -> NoReturn:
        raise pickle.PicklingError("not this one")


def fail_to_load(text: str) -> NoReturn:
    raise ValueError(text)


class Unloadable:
    """Pickles, and raises when it is loaded."""

    def __reduce__(self) -> Any:
        return fail_to_load, ("not loadable",)


def make(name: str, *args: Any) -> Any:
    """An instance of a class of this file, made by the worker."""
    return globals()[name](*args)


# --- Errors --------------------------------------------------------------------------------------------------------


class PlainError(Exception):
    pass


class DetailedError(Exception):
    """Has more attributes than arguments."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> Any:
        return DetailedError, (self.args[0], self.code)


class LopsidedError(Exception):
    """Pickles, but cannot be loaded: its constructor wants more than what `args` holds."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class HolderError(Exception):
    """Cannot be pickled."""

    def __init__(self) -> None:
        super().__init__("holds a lock")
        self.lock = threading.Lock()


class OwnBaseError(BaseException):
    pass


def throw(error: BaseException) -> NoReturn:
    raise error


def throw_made(name: str, *args: Any) -> NoReturn:
    raise globals()[name](*args)


def throw_with_notes(*notes: str) -> NoReturn:
    error = PlainError("noted")
    for note in notes:
        error.add_note(note)
    raise error


def throw_with_attribute() -> NoReturn:
    error = PlainError("loaded")
    error.cargo = {"weight": 3}  # type: ignore[attr-defined]
    raise error


def throw_from() -> NoReturn:
    try:
        deep_failure()
    except KeyError as error:
        raise PlainError("outer") from error


def deep_failure() -> NoReturn:
    raise KeyError("the very cause")


def throw_group() -> NoReturn:
    raise ExceptionGroup("several", [ValueError("one"), TypeError("two"), ExceptionGroup("in", [KeyError(3)])])


def reciprocal(number: int) -> float:
    return 1 / number


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def descend(depth: int) -> int:
    return 0 if depth == 0 else descend(depth - 1) + 1


# --- Waiting -------------------------------------------------------------------------------------------------------


def stand(paths: tuple[str, str], value: Any = None) -> Any:
    """Stand at a `gate.Gate`."""
    come(paths)
    with Path(paths[1]).open("rb", 0) as through:
        through.read(1)
    return value


def come(paths: tuple[str, str], value: Any = None) -> Any:
    """Say that one has come, and go on."""
    with Path(paths[0]).open("wb", 0) as pipe:
        pipe.write(b".")
    return value


def stand_and_throw(paths: tuple[str, str]) -> NoReturn:
    stand(paths)
    raise PlainError("after the gate")


def meet(paths: tuple[str, str]) -> object:
    """Who is at the gate: a token of the worker's own."""
    stand(paths)
    return token()


# --- State ---------------------------------------------------------------------------------------------------------

_seen: list[Any] = []
_token = os.urandom(8).hex()


def token() -> str:
    """Drawn when a worker loads this file."""
    return _token


def remember(item: Any) -> int:
    """How many have been remembered here."""
    _seen.append(item)
    return len(_seen)


def remembered() -> list[Any]:
    return list(_seen)


def initialise(*items: Any) -> None:
    _seen[:] = items


def initialise_badly() -> NoReturn:
    raise PlainError("will not start")


def nested(kind: str, numbers: list[int]) -> list[int]:
    """A task that has an executor of its own."""
    from tests.executor import kinds

    with kinds.KINDS[kind](1) as executor:
        return list(executor.map(square, numbers))


def sys_attribute(name: str) -> Any:
    return getattr(sys, name)
