"""What nothing can be faster than: the machine's own hand-over between threads, and its copying."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
SOURCE: Final = ROOT / "benchmarks" / "native" / "floors.c"
ASLEEP, SPINNING = 0, 100_000  # looks before the partner sleeps


class NoCompilerError(Exception):
    """There is no C compiler for the floors."""


def load() -> ctypes.CDLL:
    """The library, built if its source is newer."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoCompilerError("no C compiler (cc, gcc or clang) for the floors")
    library = ROOT / "build" / "benchmarks" / "floors.so"
    if not library.exists() or library.stat().st_mtime < SOURCE.stat().st_mtime:
        library.parent.mkdir(parents=True, exist_ok=True)
        fresh = library.with_suffix(f".{os.getpid()}.so")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-pthread", "-o", fresh, SOURCE], check=True)
        fresh.replace(library)
    return ctypes.CDLL(str(library))


class Pair:
    """Two native threads, one of them the caller's."""

    def __init__(self, spins: int) -> None:
        self._library = load()
        self._library.pair_begin(spins)

    def turns(self, count: int) -> list[float]:
        """Seconds of each there and back."""
        took = (ctypes.c_double * count)()
        self._library.pair_turns(count, took)
        return [each * 1e-9 for each in took]

    def close(self) -> None:
        """End the partner."""
        self._library.pair_end()


class Copy:
    """Copying so many bytes there and back."""

    def __init__(self, size: int) -> None:
        self._library = load()
        self._size = size
        self._buffers: Any = [ctypes.create_string_buffer(b"x" * size, size) for _ in range(2)]

    def turns(self, count: int) -> list[float]:
        """Seconds of each."""
        took = (ctypes.c_double * count)()
        one, other = self._buffers
        self._library.copy_turns(count, one, other, ctypes.c_size_t(self._size), took)
        return [each * 1e-9 for each in took]


class Carry:
    """So many bytes there and back between two native threads that do not sleep, with two copies a direction.

    There is one partner: not while there is a `Pair`.
    """

    def __init__(self, size: int) -> None:
        self._library = load()
        self._size = size
        self._buffers: Any = [ctypes.create_string_buffer(b"x" * size, size) for _ in range(3)]

    def turns(self, count: int) -> list[float]:
        """Seconds of each; the first ones, before the partner runs, are left out."""
        took = (ctypes.c_double * (count + 3))()
        size = ctypes.c_size_t(self._size)
        self._library.carry_turns(count + 3, SPINNING, *self._buffers, size, took)
        return [each * 1e-9 for each in took[3:]]
