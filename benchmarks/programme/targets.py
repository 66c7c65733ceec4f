"""The targets of the design, and what a run says of each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.programme import ways
from benchmarks.programme.calls import CARRY, FUTEX, MEMCPY

MIB: Final = 1 << 20
Sections = dict[str, Any]


class NotMeasuredError(Exception):
    """What a target needs was not measured; the message says what."""


@dataclass(frozen=True)
class Verdict:
    """A target, what was found and whether it holds; None: it was not measured."""

    what: str
    target: str
    figure: str
    held: bool | None

    @property
    def word(self) -> str:
        """For tables."""
        return {True: "held", False: "missed", None: "not measured"}[self.held]


def judge(sections: Sections) -> list[Verdict]:
    """Every target."""
    verdicts = []
    for what, target, find in _TARGETS:
        try:
            figure, held = find(sections)
        except NotMeasuredError as reason:
            figure, held = str(reason), None
        verdicts.append(Verdict(what, target, figure, held))
    return verdicts


def _rows(sections: Sections, name: str, key: str = "rows") -> dict[str, Any]:
    if name not in sections:
        raise NotMeasuredError(f"the section “{name}” was not run")
    found: dict[str, Any] = sections[name][key]
    return found


def _median(rows: dict[str, Any], name: str) -> float:
    if name not in rows:
        raise NotMeasuredError(f"{name} is not here")
    return float(rows[name]["median"])


def us(seconds: float) -> str:
    """A time as a person reads it."""
    if seconds < 1e-6:
        return f"{seconds * 1e9:.0f} ns"
    if seconds < 1e-3:
        return f"{seconds * 1e6:.1f} µs"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _against_floor(sections: Sections) -> tuple[str, bool]:
    rows = _rows(sections, "call")
    ours, floor = _median(rows, ways.KEPT), _median(rows, FUTEX)
    return f"{us(ours)}, {ours / floor:.1f} × the pair's {us(floor)}", ours <= 2.5 * floor


def _faster(
    section: str, key: str, ours: str, peer: str, times: float
) -> Callable[[Sections], tuple[str, bool]]:
    """Times a call: ours is to be so many times shorter."""

    def find(sections: Sections) -> tuple[str, bool]:
        rows = _rows(sections, section, key)
        mine, theirs = _median(rows, ours), _median(rows, peer)
        return f"{us(mine)} to {us(theirs)}: {theirs / mine:.1f} ×", theirs >= times * mine

    return find


def _more(key: str, peer: str, times: float) -> Callable[[Sections], tuple[str, bool]]:
    """Tasks a second: ours are to be so many times more."""

    def find(sections: Sections) -> tuple[str, bool]:
        rows = _rows(sections, "tiny", key)
        mine, theirs = _median(rows, ways.EXECUTOR), _median(rows, peer)
        return f"{mine:,.0f} to {theirs:,.0f} a second: {mine / theirs:.1f} ×", mine >= times * theirs

    return find


def _speed_up(sections: Sections) -> tuple[str, bool]:
    rows = _rows(sections, "speed_up")
    mine, processes = _median(rows, ways.EXECUTOR), _median(rows, ways.FORKSERVER)
    return f"{mine:.2f} (processes in the same run: {processes:.2f})", mine >= 1.9


def _copy_time(sections: Sections) -> tuple[str, bool]:
    rows = _rows(sections, "payload", "points").get(str(MIB))
    if rows is None:
        raise NotMeasuredError("1 MiB was not among the sizes")
    mine, floor = _median(rows, ways.EXECUTOR), _median(rows, MEMCPY)
    overhead = _median(_rows(sections, "payload", "points")["1"], ways.EXECUTOR)
    net = mine - overhead
    # Two copies a direction are twice what `memcpy there and back` takes.
    figure = f"{us(net)} beyond a call with one byte, {net / floor / 2:.2f} × two copies a direction ({us(2 * floor)})"
    if CARRY in rows:
        figure += f"; two native threads that do no more: {us(_median(rows, CARRY))}"
    return figure, net <= 1.5 * 2 * floor


def _copies(sections: Sections) -> tuple[str, bool]:
    found = _rows(sections, "counted")["copies of 1 MiB"]
    most = max(found[f"{kind}, 1 MiB {to}"] for kind in ("task", "script") for to in ("in", "out"))
    shown = (
        f"a task: {found['task, 1 MiB in']:.0f} in, {found['task, 1 MiB out']:.0f} out;"
        f" a script: {found['script, 1 MiB in']:.0f} in, {found['script, 1 MiB out']:.0f} out"
    )
    return shown, most <= 2


def _pristine(sections: Sections) -> tuple[str, bool]:
    mine = _median(_rows(sections, "call"), ways.PRISTINE)
    return us(mine), mine <= 60e-6


def _pristine_idle(sections: Sections) -> tuple[str, bool]:
    rows = _rows(sections, "call")
    mine, warm = _median(rows, ways.IDLE), _median(rows, ways.KEPT)
    return f"{us(mine)}, {(mine - warm) * 1e6:+.1f} µs to the warm run", mine <= warm + 10e-6


def _kill(sections: Sections) -> tuple[str, bool]:
    row = _rows(sections, "kill")["every program of the halt suite"]
    count = sections["kill"]["programs"]
    return (
        f"median {us(row['median'])}, 99th percentile {us(row['p99'])}, {count} programs",
        row["median"] <= 1e-3 and row["p99"] <= 10e-3,
    )


def _kill_next(sections: Sections) -> tuple[str, bool]:
    median = _rows(sections, "kill", "next")["every program of the halt suite"]["median"]
    odd = sections["kill"]["other_worker"]
    others = f"; {odd} were served by another worker" if odd else ""
    return f"median {us(median)}{others}", median <= 2e-3 and odd == 0


def _start(sections: Sections) -> tuple[str, bool]:
    rows = _rows(sections, "start")
    mine, theirs = _median(rows, "worker, without its warm-up"), _median(rows, "create(), bare")
    return f"{us(mine)} to {us(theirs)}: {mine / theirs:.0%}", mine <= 0.6 * theirs


def _memory(sections: Sections) -> tuple[str, bool]:
    rows = _rows(sections, "memory", "bytes")
    mine = rows["worker, after a run and its rewind"]
    bare = rows["bare subinterpreter, the same modules"]
    return f"{mine / MIB:.1f} MB to {bare / MIB:.1f} MB: {mine / bare:.2f} ×", mine <= 1.3 * bare


def _growth(sections: Sections) -> tuple[str, bool]:
    rows = _rows(sections, "growth")
    shown = [f"{row['bytes']:.0f} B a {kind} over {row['times']:,}" for kind, row in rows.items()]
    return "; ".join(shown), all(row["bytes"] <= 1024 for row in rows.values())


def _accounting(sections: Sections) -> tuple[str, bool]:
    row = _rows(sections, "accounting")["kept"]["all of them"]
    again = _rows(sections, "accounting")["again"]["all of them"]
    between = f"{row['low'] - 1:+.1%} to {row['high'] - 1:+.1%}"
    beside = f"a second bare interpreter {again['value'] - 1:+.1%}"
    return f"{row['value'] - 1:+.1%} ({between}); {beside}", row["value"] <= 1.02


def _elsewhere(sections: Sections) -> tuple[str, bool]:
    raise NotMeasuredError("`make test` holds it: a test for each hostile program, none skipped")


_Target = tuple[str, str, Callable[[Sections], tuple[str, bool]]]
_CALL: Final = 'warm `run("1+1")`'
_TINY: Final = "tiny tasks, 2 workers"
_TARGETS: Final[list[_Target]] = [
    (_CALL, "at most 2.5 × a bare futex round trip", _against_floor),
    (
        _CALL,
        "6 × faster than `InterpreterPoolExecutor`",
        _faster("call", "rows", ways.KEPT, ways.INTERPRETERS, 6),
    ),
    (_CALL, "5 × faster than Monty's kept session", _faster("call", "rows", ways.KEPT, ways.MONTY, 5)),
    (
        _CALL,
        "20 × faster than `ProcessPoolExecutor`",
        _faster("call", "rows", ways.KEPT, ways.FORKSERVER, 20),
    ),
    ("a pristine interpreter for every run, back to back", "at most 60 µs", _pristine),
    (
        "a pristine interpreter for every run, back to back",
        "half of `InterpreterPoolExecutor` in a used interpreter",
        _faster("call", "rows", ways.PRISTINE, ways.INTERPRETERS, 2),
    ),
    ("the same, of an idle worker", "at most the warm run plus 10 µs", _pristine_idle),
    (_TINY, "8 × `InterpreterPoolExecutor`, one a call", _more("rows", ways.INTERPRETERS, 8)),
    (_TINY, "8 × `ProcessPoolExecutor`, one a call", _more("rows", ways.FORKSERVER, 8)),
    (_TINY, "more than `ThreadPoolExecutor`, one a call", _more("rows", ways.THREADS, 1)),
    (_TINY, "not behind `ProcessPoolExecutor` in chunks", _more("chunked", ways.FORKSERVER, 1)),
    (
        "a dict of 1,000 items there and back",
        "10 × faster than `InterpreterPoolExecutor`",
        _faster("items", "rows", ways.KEPT, ways.INTERPRETERS, 10),
    ),
    ("CPU-bound speed-up of 2 workers", "at least 1.9", _speed_up),
    ("1 MiB of bytes each way", "at most 2 copies a direction (counted)", _copies),
    ("1 MiB of bytes each way", "at most 1.5 × the time of two copies", _copy_time),
    ("kill to the error in the caller's hands", "median 1 ms, 99th percentile 10 ms", _kill),
    ("kill to the next run by the same worker", "median 2 ms", _kill_next),
    ("start of a worker, before warm-up", "at most 60 % of `create()`", _start),
    ("memory of an idle worker, snapshot included", "at most 1.3 × a bare subinterpreter", _memory),
    ("growth per run, kill, recycle", "at most 1 KB", _growth),
    ("cost of accounting to pure Python", "at most 2 %", _accounting),
    ("host survival over the hostile suites", "100 %", _elsewhere),
]
