"""The programs of tests/benign: as users and language models write them, plain Python with a header.

    # what: one line on what the program is
    # strict: yes          it also keeps within what STRICT allows
    # python: >=3.13       needs a module that slots of earlier versions cannot load

What each is to come to is not written down: it is what `reference` makes of it in plain CPython.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from headers import read

FOLDER = Path(__file__).resolve().parent.parent / "benign"
_HEADERS = frozenset({"what", "strict", "python"})


@dataclass(frozen=True)
class Benign:
    """One program."""

    name: str
    what: str
    strict: bool
    code: str
    since: tuple[int, ...]  # version of Python


def load(path: Path) -> Benign:
    """Read one program.  ValueError names the file and what is wrong with its header."""
    fields, text = read(path, _HEADERS)
    since = fields.get("python", ">=3.12")
    if not since.startswith(">=3."):
        raise ValueError(f"{path}: python: expected >=3.x, got {since!r}")
    version = tuple(int(part) for part in since[2:].split("."))
    return Benign(path.stem, fields["what"], fields.get("strict") == "yes", text, version)


def load_all() -> list[Benign]:
    """Every program for the running Python, by name."""
    programs = [load(path) for path in sorted(FOLDER.glob("*.py"))]
    return [program for program in programs if sys.version_info >= program.since]


def tools(name: str, args: dict[str, object]) -> object:
    """The tools that the programs call, here and there."""
    match name, args:
        case "add", {"a": int(a), "b": int(b)}:
            return a + b
        case "divide", {"a": int(a), "b": int(b)}:
            return a // b
        case "weather", {"city": str(city)}:
            return {"city": city, "temperature": {"Oslo": 3.5, "Rome": 17.25, "Cairo": 28.0}[city]}
        case "echo", {"value": value}:
            return value
        case "search", {"query": str(query)}:
            return [f"{query}-1", f"{query}-2"]
        case "read", {"id": str(page)}:
            return f"Text of {page} and more text"
    raise LookupError(f"no tool {name!r} for {sorted(args)}")
