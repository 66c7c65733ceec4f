"""How a C program comes to this Python: its library, and the loader that programs with it need."""

from __future__ import annotations

import struct
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

__all__ = ["Loader", "MissingError", "archive", "foreign_loader", "include_folders", "library"]

_PT_DYNAMIC, _PT_INTERP = 2, 3
_DT_RPATH, _DT_RUNPATH, _DT_STRTAB, _PT_LOAD = 15, 29, 5, 1


class MissingError(Exception):
    """Something that the build needs is not on this machine; the message says what, and how to get it."""


@dataclass(frozen=True, slots=True)
class Loader:
    """A dynamic loader that is not the machine's own, and where its libraries are."""

    path: str
    folders: tuple[str, ...]


def include_folders() -> list[str]:
    """Where Python.h is.

    Raises:
        MissingError: it is nowhere.
    """
    folders = [sysconfig.get_path("include"), sysconfig.get_path("platinclude")]
    found = list(dict.fromkeys(folder for folder in folders if (Path(folder) / "Python.h").is_file()))
    if not found:
        version = "{}.{}".format(*sys.version_info)
        raise MissingError(
            f"Python.h is missing ({folders[0]}); Debian and Ubuntu have it in python{version}-dev"
        )
    return found


def _places() -> list[Path]:
    """Where a libpython may be: where this Python was told to be installed, and where it is."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or "."
    places = [sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("LIBPL")]
    for root in (sys.base_prefix, sys.base_exec_prefix, Path(sys.executable).resolve().parent.parent):
        for folder in dict.fromkeys((sys.platlibdir, "lib")):
            at = Path(root) / folder
            places += [at, at / multiarch]
            places += sorted(at.glob("python{}.{}/config-*".format(*sys.version_info)))
    return list(dict.fromkeys(Path(place) for place in places if place))


def _find(names: list[str], what: str, remedy: str) -> Path:
    for place in _places():
        for name in names:
            if (place / name).is_file():
                return place / name
    raise MissingError(f"{sys.executable} has no {what} ({', '.join(names)} is nowhere).\n{remedy}")


def library() -> Path:
    """The shared libpython of this Python.

    Raises:
        MissingError: it was built without.
    """
    version = "{}.{}".format(*sys.version_info)
    names = [sysconfig.get_config_var("INSTSONAME"), f"libpython{version}.so.1.0", f"libpython{version}.so"]
    return _find(
        list(dict.fromkeys(name for name in names if name and ".so" in name)),
        "shared libpython",
        f"Debian and Ubuntu have it in libpython{version}, pyenv builds it with PYTHON_CONFIGURE_OPTS=--enable-shared;"
        " or link your program\nwith the static one: the option --static of `build`.",
    )


def archive() -> Path:
    """The static libpython of this Python.

    Raises:
        MissingError: it was installed without, or needs another libc than the machine's.
    """
    if (loader := foreign_loader()) is not None:
        raise MissingError(
            f"{sys.executable} has a libc of its own (its loader is {loader.path}), and a static libpython would be"
            " linked with the machine's; leave out --static."
        )
    version = "{}.{}".format(*sys.version_info)
    remedy = f"Debian and Ubuntu have it in libpython{version}-dev; or leave out --static."
    return _find([f"libpython{version}.a"], "static libpython", remedy)


def foreign_loader() -> Loader | None:
    """The dynamic loader that this Python's program names, if the machine's programs name another one.

    A Python with a libc of its own (in a prefix of its own, or of Nix) can be loaded by that one only.
    """
    path, folders = _interpreter(Path(sys.executable).resolve())
    usual, _ = _interpreter(Path("/bin/sh").resolve())
    if path is None or usual is None or Path(path).name != Path(usual).name or Path(path).samefile(usual):
        return None
    return Loader(path, folders)


def _interpreter(program: Path) -> tuple[str | None, tuple[str, ...]]:
    """The loader and the run path that a 64-bit ELF program names."""
    try:
        with program.open("rb") as file:
            if file.read(6) != b"\x7fELF\x02\x01":
                return None, ()
            file.seek(32)
            (table,) = struct.unpack("<Q", file.read(8))
            file.seek(54)
            size, count = struct.unpack("<HH", file.read(4))
            segments = []
            for index in range(count):
                file.seek(table + index * size)
                kind, _, offset, address, _, length = struct.unpack("<IIQQQQ", file.read(40))
                segments.append((kind, offset, address, length))
            loader = None
            for kind, offset, _, length in segments:
                if kind == _PT_INTERP:
                    file.seek(offset)
                    loader = file.read(length).rstrip(b"\0").decode()
            return loader, _run_path(file, segments)
    except (OSError, struct.error):
        return None, ()


def _run_path(file: BinaryIO, segments: list[tuple[int, int, int, int]]) -> tuple[str, ...]:
    entries: dict[int, int] = {}
    for kind, offset, _, length in segments:
        if kind == _PT_DYNAMIC:
            file.seek(offset)
            entries.update(struct.iter_unpack("<QQ", file.read(length)))
    at = entries.get(_DT_RUNPATH, entries.get(_DT_RPATH))
    if at is None:
        return ()
    strings = entries[_DT_STRTAB]
    for kind, offset, address, length in segments:
        if kind == _PT_LOAD and address <= strings < address + length:
            file.seek(strings - address + offset + at)
            return tuple(file.read(4096).partition(b"\0")[0].decode().split(":"))
    return ()
