"""Loads the demonstration's scripts: one script a file, described by the comment at its head.

The header is the run of ``# key: value`` lines at the top of the file:

``title``        what the script does, in a few words; unique
``kind``         ``user``, ``tenant`` or ``llm`` (benign); ``loop``, ``memory``, ``crash``, ``stain`` or ``misuse``
``data``         ``name = what[:argument]``, a global handed to the script (see `demo.corpus`); may come again
``expect``       what it must come to: ``OK`` or error codes parted by ``|``; benign scripts leave it out
``expect-3.12``  the same for one version of Python
``error``        the name of the error that it must end with, where the code alone says too little
``timeout``      seconds
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENIGN_KINDS = ("user", "tenant", "llm")
HOSTILE_KINDS = ("loop", "memory", "crash", "stain", "misuse")
# Benign scripts take milliseconds; the limit is wide because the machine may be busy with something else.
BENIGN_TIMEOUT = 10.0
_KEYS = frozenset({"title", "kind", "data", "expect", "error", "timeout"})


class CatalogError(Exception):
    """A script's header is missing something or says something unknown."""


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A global that a script asks for: ``name`` receives ``what`` of the corpus, for ``argument``."""

    name: str
    what: str
    argument: str


@dataclass(frozen=True, slots=True)
class Script:
    """One script of the demonstration and what it must come to."""

    name: str
    title: str
    kind: str
    source: str
    data: tuple[DataRequest, ...]
    expect: tuple[str, ...]
    error: str | None
    timeout: float

    @property
    def hostile(self) -> bool:
        """Whether the script is there to do harm."""
        return self.kind in HOSTILE_KINDS


def parse(name: str, source: str, version: str | None = None) -> Script:
    """Make a `Script` of its text; CatalogError says what is wrong with the header.

    ``version`` ("3.12") picks among ``expect-...`` keys; default: the version that runs.
    """
    version = version or f"{sys.version_info[0]}.{sys.version_info[1]}"
    fields: dict[str, str] = {}
    data: list[DataRequest] = []
    for line in source.splitlines():
        if not line.startswith("#"):
            break
        key, colon, value = line.lstrip("# ").partition(":")
        key, value = key.strip(), value.strip()
        base, _, only_for = key.partition("-")
        if not colon or base not in _KEYS or (only_for and base != "expect"):
            raise CatalogError(f"{name}: expected `# key: value` with a known key, got {line!r}")
        if base == "data":
            data.append(_parse_data(name, value))
        elif key in fields:
            raise CatalogError(f"{name}: `{key}` is given twice")
        else:
            fields[key] = value
    for key in ("title", "kind"):
        if not fields.get(key):
            raise CatalogError(f"{name}: the header has no `{key}`")
    kind = fields["kind"]
    if kind not in BENIGN_KINDS + HOSTILE_KINDS:
        raise CatalogError(f"{name}: expected a kind of {BENIGN_KINDS + HOSTILE_KINDS}, got {kind!r}")
    expect = fields.get(f"expect-{version}") or fields.get("expect") or ("OK" if kind in BENIGN_KINDS else "")
    if not expect:
        raise CatalogError(f"{name}: a hostile script has to say what it must come to (`# expect: TIMEOUT`)")
    return Script(
        name=name,
        title=fields["title"],
        kind=kind,
        source=source,
        data=tuple(data),
        expect=tuple(code.strip() for code in expect.split("|")),
        error=fields.get("error"),
        timeout=float(fields.get("timeout", BENIGN_TIMEOUT)),
    )


def load(folder: str) -> list[Script]:
    """The scripts of ``demo/<folder>``, by name; files whose name starts with ``_`` are left out."""
    files = sorted((HERE / folder).glob("[!_]*.py"))
    return [parse(file.stem, file.read_text(encoding="utf-8")) for file in files]


def load_all() -> list[Script]:
    """Every script of the demonstration, the benign ones first."""
    return load("scripts") + load("hostile")


def load_probe() -> Script:
    """The script that tells whether it was given an interpreter as new."""
    return parse("probe", (HERE / "hostile" / "_probe.py").read_text(encoding="utf-8"))


def _parse_data(name: str, text: str) -> DataRequest:
    variable, equals, what = (part.strip() for part in text.partition("="))
    if not equals or not variable.isidentifier() or not what:
        raise CatalogError(f"{name}: expected `# data: name = what[:argument]`, got {text!r}")
    kind, _, argument = what.partition(":")
    return DataRequest(variable, kind.strip(), argument.strip())
