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


Pair = namedtuple("Pair", "left right")  # noqa: PYI024 - both kinds are tried


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


class QuitsWhenPickled:
    def __reduce__(self) -> NoReturn:
        sys.exit(4)


class QuitsWhenLoaded:
    def __reduce__(self) -> Any:
        return sys.exit, (5,)


class QuittingError(Exception):
    """Neither its pickle nor its text is to be had."""

    def __reduce__(self) -> NoReturn:
        sys.exit(6)

    def __str__(self) -> str:
        return sys.exit(7)


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
    raise ExceptionGroup(
        "several", [ValueError("one"), TypeError("two"), ExceptionGroup("in", [KeyError(3)])]
    )


def reciprocal(number: int) -> float:
    return 1 / number


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def descend(depth: int) -> int:
    return 0 if depth == 0 else descend(depth - 1) + 1


# --- Waiting -------------------------------------------------------------------------------------------------------


def stand(paths: tuple[str, str], value: Any = None) -> Any:
    """Stand at a `gate.Gate`. Nothing here waits for a gate that is no longer there."""
    through = os.open(paths[1], os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(through, True)
    try:
        come(paths)
        os.read(through, 1)
    finally:
        os.close(through)
    return value


def come(paths: tuple[str, str], value: Any = None) -> Any:
    """Say that one has come, and go on."""
    pipe = os.open(paths[0], os.O_WRONLY | os.O_NONBLOCK)
    os.write(pipe, b".")
    os.close(pipe)
    return value


def meet(paths: tuple[str, str]) -> object:
    """Who is at the gate: a token of the worker's own."""
    stand(paths)
    return token()


# --- State ---------------------------------------------------------------------------------------------------------

_seen: list[Any] = []


@functools.cache
def token() -> str:
    """A worker's own, drawn when it is first asked for: a fork server has loaded this file for all its children."""
    return os.urandom(8).hex()


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


# --- The worker as a program sees it -------------------------------------------------------------------------------


def surroundings() -> dict[str, Any]:
    return {
        "cwd": str(Path.cwd()),
        "path": sys.path,
        "argv": sys.argv,
        "recursion limit": sys.getrecursionlimit(),
        "executable": sys.executable,
        "prefix": sys.prefix,
        "version": sys.version,
        "filters of -W": sys.warnoptions,
        "-X": sys._xoptions,
        "flags": tuple(sys.flags),
        "file system encoding": sys.getfilesystemencoding(),
        "encoding of stdout": sys.stdout.encoding.lower(),
        "int digits": sys.get_int_max_str_digits(),
    }


def variable(name: str) -> str | None:
    return os.environ.get(name)


def set_variable(name: str, value: str) -> str | None:
    os.environ[name] = value
    return os.environ.get(name)


def expanded(text: str) -> str:
    return os.path.expandvars(text)


def process_id() -> int:
    return os.getpid()


def on_its_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def run_program(*command: str) -> str:
    import subprocess

    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def write_and_read(path: str) -> list[str]:
    file = Path(path)
    file.write_text("one\ntwo\n", encoding="utf-8")
    with file.open("a", encoding="utf-8") as more:
        more.write("three\n")
    renamed = file.rename(file.with_suffix(".moved"))
    return renamed.read_text(encoding="utf-8").split()


def increment(path: str, times: int) -> None:
    """A counter in a file under a lock of the system's: one of the ways in which processes agree."""
    import fcntl

    for _ in range(times):
        with Path(path).open("r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            count = int(file.read())
            file.seek(0)
            file.write(str(count + 1))
            file.flush()


def temporary() -> tuple[str, bool, bool]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"x")
        inside = Path(file.name).exists()
    return tempfile.gettempdir(), inside, Path(folder).exists()


def sum_in_threads(numbers: list[int]) -> int:
    results: list[int] = []
    threads = [threading.Thread(target=lambda n=n: results.append(square(n))) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(results)


def warn(text: str) -> list[str]:
    import warnings

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn(text, UserWarning, stacklevel=1)
    return [f"{warning.category.__name__}: {warning.message}" for warning in caught]


def warn_as_configured(text: str) -> None:
    import warnings

    warnings.warn(text, UserWarning, stacklevel=1)


def log(text: str) -> str:
    import io
    import logging

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("tests.executor.of.tasks")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    logger.info(text)
    logger.debug("not shown")
    logger.removeHandler(handler)
    return stream.getvalue()


def log_handlers() -> int:
    import logging

    return len(logging.getLogger("tests.executor.handled").handlers)


def run_coroutines(numbers: list[int]) -> list[int]:
    import asyncio

    async def later(number: int) -> int:
        await asyncio.sleep(0)
        return number * number

    async def main() -> list[int]:
        return await asyncio.gather(*(later(number) for number in numbers))

    return asyncio.run(main())


def talk_over_a_socket(text: bytes) -> bytes:
    import socket

    here, there = socket.socketpair()
    with here, there:
        here.sendall(text)
        return there.recv(100)


def handle_a_signal() -> bool:
    import signal

    handled = []
    before = signal.signal(signal.SIGUSR1, lambda *_: handled.append(1))
    try:
        signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    return bool(handled)


def fork() -> int:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # there may be other threads
        child = os.fork()
    if child == 0:
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def draw() -> float:
    import random

    return random.random()
