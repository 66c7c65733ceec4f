"""Things that can be counted, so that a change that makes runs dearer is seen on a busy machine as well.

    make guard                  # what is counted now, beside the limits
    make guard ARGS=--renew     # makes that the limits of this version of CPython

Instructions are valgrind's (callgrind), of native programs and of the codec in a bare Python; calls of the system are
those that a tracer sees with all threads on one processor; copies and allocations are counted by a preloaded library.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).resolve().parent
PROGRAMS: Final = FOLDER.parents[1] / "build" / Path(sys.prefix).name / "native"
LIMITS: Final = FOLDER / "limits" / f"{sys.version_info.major}.{sys.version_info.minor}.json"

# What may be more than the limit, by what is counted.  The native programs' instructions are the same every time; those
# of a Python differ by up to three per cent of a small call, with where things lie in memory.
TOLERANCE: Final = {
    "instructions": 0.02,
    "instructions in Python": 0.05,
    "calls": 0.05,
    "allocations": 0.05,
    "copies": 0.02,
    "pages": 0.05,
}
# Beyond that; one more call in each run is seen.  Of allocations one more or less depends on a process's free lists.
# From process to process pages differ, with where things lie, by 14, and small calls by 66 instructions.
SLACK: Final = {"calls": 0.7, "allocations": 1.0, "pages": 15.0, "instructions in Python": 100.0}
# A wait that was short takes a call of a futex less, and how many are short is the scheduler's affair.  At most there
# are two waits and two wakes of each side in a run.
MOST_FUTEX: Final = 4.0
OF_THE_COMPILER: Final = frozenset({"instructions", "instructions in Python"})
TRACING_FORBIDDEN: Final = 77


class NotHere(Exception):
    """This machine cannot count that; the message says why."""


class Over(NamedTuple):
    """A count above its limit."""

    name: str
    found: float
    limit: float

    def __str__(self) -> str:
        return f"{self.name}: {self.found:,.6g}, limit {self.limit:,.6g}"


Counts = dict[str, float]

# --- What runs where ------------------------------------------------------------------------------------------------


def _environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": "0", **variables}


def _run(command: Sequence[str | Path], **variables: str) -> str:
    done = subprocess.run(
        command, env=_environment(**variables), capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode == TRACING_FORBIDDEN:
        raise NotHere(f"processes may not be traced here: {done.stderr.strip()}")
    assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def _child(what: str) -> list[str | Path]:
    return [sys.executable, FOLDER / "counted.py", what]


def _instructions(command: Sequence[str | Path]) -> Counts:
    """Of each phase that the program announces by getppid(), a turn of it."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise NotHere("valgrind is not installed (Debian and Ubuntu: apt install valgrind)")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "counts")
        callgrind = [
            valgrind,
            "-q",
            "--tool=callgrind",
            "--dump-before=getppid",
            f"--callgrind-out-file={out}",
        ]
        # The same memcpy() on every processor.
        plain = "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX,-ERMS,-FSRM"
        said = _run([*callgrind, *command], GLIBC_TUNABLES=plain)
        counts: Counts = {}
        # The first dump is what came before the first phase.
        for number, line in enumerate(said.splitlines(), 2):
            turns, _, name = line.partition(" ")
            if name and not name.startswith("("):
                counts[name] = _total(Path(f"{out}.{number}")) / int(turns)
    return counts


def _total(dump: Path) -> int:
    for line in dump.read_text().splitlines():
        if line.startswith("totals: "):
            return int(line.split()[1])
    raise AssertionError(f"no totals in {dump}")


# --- What is counted ------------------------------------------------------------------------------------------------


def native_instructions() -> Counts:
    """The heap and the rewind, which run without Python."""
    return _instructions([PROGRAMS / "native_count_region"]) | _instructions(
        [PROGRAMS / "native_count_rewind"]
    )


def codec_instructions() -> Counts:
    """The codec, in a Python that has loaded the extension and nothing else; the loop around each call included."""
    from enclave_subinterp import _native

    python = [sys.executable, "-I", "-S", FOLDER / "counted_codec.py", str(_native.__file__)]
    return _instructions(python)


def calls() -> Counts:
    """Of the system, a run of an enclave."""
    counts: Counts = {}
    for mode in ("pristine", "kept"):
        said = _run([PROGRAMS / "native_tool_trace", *_child(mode)])
        for line in said.splitlines():
            number, whose, name = line.split()
            of = "caller" if whose == "thread" else "worker"
            counts[f"{mode}, {of}: {name}"] = int(number) / TRACED_RUNS
    return counts


TRACED_RUNS: Final = 200


def _preloaded(what: str) -> Counts:
    library = PROGRAMS / "native_preload_counts.so"
    counts: Counts = json.loads(_run(_child(what), LD_PRELOAD=str(library)))
    return counts


def allocations() -> Counts:
    """What the caller's thread asks CPython's allocators for in a run, and what is left of it."""
    return _preloaded("allocations")


def copies() -> Counts:
    """How often a message of 1 MiB is copied on its way in and on its way out."""
    return _preloaded("copies")


def pages() -> Counts:
    """What a rewind copies back, in pages."""
    return _preloaded("pages")


KINDS: Final[dict[str, tuple[str, Callable[[], Counts]]]] = {
    "instructions of the heap and the rewind": ("instructions", native_instructions),
    "instructions of the codec": ("instructions in Python", codec_instructions),
    "system calls": ("calls", calls),
    "allocations in the host": ("allocations", allocations),
    "copies of 1 MiB": ("copies", copies),
    "pages restored": ("pages", pages),
}

# --- Limits ---------------------------------------------------------------------------------------------------------


def compiler() -> str:
    """What the programs were compiled by: another one makes other instructions of the same source."""
    for line in (PROGRAMS.parent / "CMakeCache.txt").read_text().splitlines():
        if line.startswith("CMAKE_C_COMPILER:"):
            said = subprocess.run(
                [line.partition("=")[2], "-dumpfullversion", "-dumpmachine"],
                capture_output=True,
                text=True,
                check=True,
            )
            return " ".join(said.stdout.split())
    raise AssertionError("the build has no compiler")


def read_limits() -> dict[str, dict[str, float]]:
    """By kind and name."""
    limits: dict[str, dict[str, float]] = json.loads(LIMITS.read_text())["limits"]
    return limits


def made_by() -> str:
    """The compiler that the limits were taken with."""
    return str(json.loads(LIMITS.read_text())["compiler"])


def judge(kind: str, found: Counts, limits: dict[str, float]) -> list[Over]:
    """What is over its limit; what has no limit is to be 0."""
    unit = KINDS[kind][0]
    most = {}
    for name, limit in limits.items():
        least = MOST_FUTEX if name.endswith(": futex") else 0.0
        most[name] = max(limit, least) * (1 + TOLERANCE[unit]) + SLACK.get(unit, 0.0)
    return [
        Over(name, count, limits.get(name, 0.0))
        for name, count in found.items()
        if count > most.get(name, SLACK.get(unit, 0.0))
    ]


def main() -> int:
    """Count, show, and keep if asked to."""
    limits = {} if not LIMITS.exists() else read_limits()
    found: dict[str, Counts] = {}
    for kind, (_, count) in KINDS.items():
        try:
            found[kind] = count()
        except NotHere as reason:
            print(f"{kind}: not counted: {reason}", file=sys.stderr)
            return 1
        print(kind)
        for name, number in found[kind].items():
            print(f"  {name:<44} {number:14,.6g} {limits.get(kind, {}).get(name, 0.0):14,.6g}")
    if sys.argv[1:] == ["--renew"]:
        rounded = {kind: {name: round(n, 2) for name, n in counts.items()} for kind, counts in found.items()}
        LIMITS.write_text(json.dumps({"compiler": compiler(), "limits": rounded}, indent=1) + "\n")
        print(f"kept in {LIMITS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
