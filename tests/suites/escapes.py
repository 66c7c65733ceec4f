"""The programs of tests/hostile/sandbox: each tries one way out of the sandbox, and is plain Python with a header.

    # what: one line on what the program tries
    # python: >=3.14          or <3.13: the versions on which it gets out; without it, all
    # levels: STRICT          the security levels that must stop it; without it, all

A program finds these names and need not know more of who runs it:

    CANARY_DIR, CANARY_PATH   a folder and a text file that hold the secret; what else is in the folder, see bait.py
    CANARY_FD                 the number of a descriptor of the host's, open on that file
    CANARY_ADDRESS            where in the host's memory the secret stands, CANARY_SIZE bytes
    VICTIM_PATH               a file that nobody may change
    MARKER_PATH               a file that nobody may make
    TCP_PORT, UDP_PORT        on 127.0.0.1; whoever gets through is told the secret; UNIX_PATH likewise
    MAIN_THREAD               the identity of the host's main thread
    TOKEN                     a word that says "out", wherever it turns up in what the program leaves

It got out if its value, its output or its error holds the secret or the token, if its value is a dict with
``"escaped": True``, if the marker is there, the victim or the host has changed, or the process has died.  A program
may have a second part, divided by the line ``# --- verify ---``, which runs next: its value is True in an interpreter
as new, else the first part got out.  (In an enclave that refuses the second part, it is refused the same way before.)
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from headers import read

FOLDER = Path(__file__).resolve().parent.parent / "hostile" / "sandbox"
DIVIDER = "# --- verify ---\n"
LEVELS = ("STRICT", "STANDARD")
_HEADERS = frozenset({"what", "python", "levels"})


@dataclass(frozen=True)
class Escape:
    """One program."""

    name: str
    what: str
    python: str  # ">=3.x", "<3.x" or ""
    levels: tuple[str, ...]
    code: str
    verify: str  # "" for none

    @property
    def here(self) -> bool:
        """Whether it gets out of this version of CPython, unhindered."""
        if not self.python:
            return True
        sign, version = (
            (self.python[:2], self.python[2:]) if self.python[1] == "=" else (self.python[0], self.python[1:])
        )
        than = tuple(int(part) for part in version.split("."))
        return sys.version_info[:2] >= than if sign == ">=" else sys.version_info[:2] < than


def load(path: Path) -> Escape:
    """Read one program.  ValueError names the file and what is wrong with its header."""
    fields, text = read(path, _HEADERS)
    levels = tuple(fields.get("levels", " ".join(LEVELS)).split())
    if not set(levels) <= set(LEVELS):
        raise ValueError(f"{path}: levels are {', '.join(LEVELS)}, not {fields['levels']!r}")
    code, _, verify = text.partition(DIVIDER)
    return Escape(path.stem, fields["what"], fields.get("python", ""), levels, code, verify)


def load_all() -> list[Escape]:
    """Every program that gets out of this version of CPython, by name."""
    programs = [load(path) for path in sorted(FOLDER.glob("*.py"))]
    return [program for program in programs if program.here]
