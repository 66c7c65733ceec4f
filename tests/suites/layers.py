"""Layers of the sandbox taken away, to see what each of them stops alone.

    python tests/suites/layers.py [LEVEL]     # runs every program with each layer alone, and prints SECURITY.md's table

Needs the build for tests: in any other the layers that the core keeps come and go together.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from pathlib import Path

SUITES = Path(__file__).resolve().parent
if str(SUITES) not in sys.path:
    sys.path.insert(0, str(SUITES))

from escapes import Escape, load_all  # noqa: E402

LAYERS = ("language", "modules", "functions", "types", "audit", "system")
NONE, ALL = "none", "all"
# Parts of the policy that the core can be told to do without, by their numbers (csrc/core.h).
_PARTS = {"modules": 1, "types": 2, "audit": 4}

# What the programs go for or go by, as the first words of their names say.
CATEGORIES = {
    "files, read or listed": "file names proc users",
    "files, written": "write",
    "descriptors": "descriptor",
    "network": "net",
    "processes": "process",
    "signals, limits, threads": "signal limit thread",
    "native crash or exit": "death",
    "foreign code, memory": "ctypes code",
    "other interpreters": "interpreter",
    "settings of the process": "env host locale sys",
    "modules, by import": "import",
    "modules, by way of another": "module",
    "code made from text": "exec",
    "frames and generators": "frame",
    "functions and the runtime": "runtime type gc weakref",
    "attributes by other names": "attribute format unicode pickle copy",
    "marks left for the next run": "stain",
    "clocks": "clock",
}
_CATEGORY_OF = {word: category for category, words in CATEGORIES.items() for word in words.split()}


def category(program: Escape) -> str:
    """The row of the table that a program counts in."""
    return _CATEGORY_OF[program.name.partition("_")[0]]


def keep_only(layers: Collection[str]) -> None:
    """Have enclaves that this process makes from now on start their workers with these layers and no others."""
    from enclave_subinterp import _native
    from enclave_subinterp._adapters import subinterpreter

    assert frozenset(LAYERS) >= frozenset(layers), layers
    subinterpreter.LAYERS = frozenset(layers)
    policy = _PARTS.keys() & frozenset(layers)
    if policy and policy != _PARTS.keys():
        without = sum(number for layer, number in _PARTS.items() if layer not in layers)
        _native.do_without(without)  # type: ignore[attr-defined]  # of the build for tests


def place_of(level: str, layers: str) -> str:
    """The name of a place (sandbox.py) where only these layers are: "none", "all", or layers joined by "+"."""
    return level if layers == ALL else f"{level}:{layers}"


def layers_of(place: str) -> tuple[str, tuple[str, ...]]:
    """The level and the layers of a place."""
    level, _, layers = place.partition(":")
    if not layers:
        return level, LAYERS
    return level, () if layers == NONE else tuple(layers.split("+"))


def table(stopped: dict[str, set[str]], programs: Iterable[Escape]) -> list[str]:
    """Rows of Markdown: of each category how many programs there are and how many are stopped, by column."""
    rows: dict[str, list[str]] = {name: [] for name in CATEGORIES}
    for program in programs:
        rows[category(program)].append(program.name)
    rows = {name: found for name, found in rows.items() if found}
    lines = [
        f"| what the programs go for | programs | {' | '.join(stopped)} |",
        f"|---|---{'|---' * len(stopped)}|",
    ]
    rows["together"] = [name for found in rows.values() for name in found]
    for row, names in rows.items():
        counts = [str(len(column.intersection(names))) for column in stopped.values()]
        lines.append(f"| {row} | {len(names)} | {' | '.join(counts)} |")
    return lines


def main(level: str = "STANDARD") -> None:
    """Run and print."""
    from sandbox import Runs

    programs = [program for program in load_all() if level in program.levels]
    stopped: dict[str, set[str]] = {}
    for column in (NONE, *LAYERS, ALL):
        place = place_of(level, column)
        with Runs({place: programs}) as runs:
            stopped[column] = {p.name for p in programs if not runs.verdict(place, p).escaped}
        print(f"{column}: {len(stopped[column])} of {len(programs)} stopped", file=sys.stderr, flush=True)
    print("\n".join(table(stopped, programs)))


if __name__ == "__main__":
    main(*sys.argv[1:])
