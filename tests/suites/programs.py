"""The hostile programs and how they are read: one guest program a file, its header in comment lines.

    # what: one line on what the program does
    # expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED      codes that are right; SUCCESS is a run without error
    # timeout: 0.3                                 seconds; without it, the suite's default
    # layer: process                               changes the process, not the interpreter (see test_stain)
    # batch: hooks                                 may share a child process with others of that batch
    # stderr: any                                  C code below the interpreter may write to descriptor 2
    # fewest: 2                                    messages that a flood must have sent; without it, those under way

A stain has two parts, divided by the line ``# --- verify ---``: the second is a program of its own whose value
is True in an interpreter as new.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from headers import read

HOSTILE = Path(__file__).resolve().parent.parent / "hostile"
KINDS = ("halt", "stain", "memory", "contain", "flood")
DIVIDER = "# --- verify ---\n"

DEFAULT_TIMEOUT = {"halt": 0.1, "stain": 5.0, "memory": 5.0, "contain": 5.0, "flood": 5.0}
DEFAULT_EXPECT = {
    "halt": "TIMEOUT",
    "stain": "SUCCESS",
    "memory": "MEMORY_LIMIT_EXCEEDED",
    "contain": "WORKER_CRASHED",
    "flood": "MESSAGE_FLOOD",
}
# What an expect line may say: SUCCESS and the members of the contract's ErrorCode.
CODES = frozenset(
    {
        "SUCCESS",
        "VALIDATION_ERROR",
        "EXECUTION_ERROR",
        "TIMEOUT",
        "CPU_LIMIT",
        "TOOL_ERROR",
        "MAX_TOOL_CALLS",
        "MAX_ITERATIONS",
        "MEMORY_LIMIT_EXCEEDED",
        "MESSAGE_FLOOD",
        "MESSAGE_TOO_LARGE",
        "OUTPUT_LIMIT",
        "RESULT_NOT_SERIALIZABLE",
        "SANDBOX_VIOLATION",
        "WORKER_CRASHED",
        "ABORTED",
    }
)
HEADERS = frozenset({"what", "expect", "timeout", "batch", "layer", "stderr", "fewest"})


@dataclass(frozen=True)
class Program:
    """One hostile program: its source and what its header says of it."""

    kind: str
    name: str
    path: Path
    what: str
    expect: frozenset[str]
    timeout: float  # seconds
    code: str
    verify: str  # "" for all kinds but stain
    batch: str  # "" for a child process of its own
    layer: str  # "" or "process"
    stderr_any: bool
    fewest: int | None  # of a flood


def load(path: Path) -> Program:
    """Read one program.  ValueError names the file and the line of a header that is wrong."""
    kind = path.parent.name
    fields, text = read(path, HEADERS)
    expect = frozenset(code.strip() for code in fields.get("expect", DEFAULT_EXPECT[kind]).split("|"))
    if not expect <= CODES:
        raise ValueError(f"{path}: no such code: {', '.join(sorted(expect - CODES))}")
    code, divider, verify = text.partition(DIVIDER)
    if (kind == "stain") != bool(divider):
        raise ValueError(f"{path}: a stain, and only a stain, has the line {DIVIDER.strip()!r}")
    return Program(
        kind=kind,
        name=path.stem,
        path=path,
        what=fields["what"],
        expect=expect,
        timeout=float(fields.get("timeout", DEFAULT_TIMEOUT[kind])),
        code=code,
        verify=verify,
        batch=fields.get("batch", ""),
        layer=fields.get("layer", ""),
        stderr_any=fields.get("stderr") == "any",
        fewest=int(fields["fewest"]) if "fewest" in fields else None,
    )


def load_all(kind: str) -> list[Program]:
    """Every program of one kind: those with a child process of their own first, then batch by batch, each by name."""
    programs = [load(path) for path in sorted((HOSTILE / kind).glob("*.py"))]
    return sorted(programs, key=lambda program: program.batch)
