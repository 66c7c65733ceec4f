"""A run's figures as tables of text, for the terminal and for the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.programme import ways
from benchmarks.programme.calls import CARRY, FUTEX, FUTEX_SPINNING, MEMCPY
from benchmarks.programme.targets import us

MIB: Final = 1 << 20
ORDER: Final = (
    FUTEX_SPINNING, FUTEX, MEMCPY, CARRY, ways.INLINE, ways.THREADS, ways.KEPT, ways.IDLE, ways.PRISTINE,
    ways.EXECUTOR, ways.BARE, ways.INTERPRETERS, ways.MONTY, ways.MONTY_FRESH, ways.FORK, ways.FORKSERVER, ways.SPAWN,
    ways.PEBBLE, ways.LOKY,
)  # fmt: skip


@dataclass
class Text:
    """One table."""

    key: str
    title: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def ordered(names: Any) -> list[str]:
    """Floors first, then ours, then the peers."""
    return sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def tables(document: dict[str, Any]) -> Iterator[Text]:
    """All that were measured."""
    sections = document["sections"]
    if "call" in sections:
        yield _times("call", "`1+1` and its answer", sections["call"], floor=FUTEX, ours=ways.KEPT)
    if "items" in sections:
        yield _times("items", "a dict of 1,000 items there and back", sections["items"], ours=ways.KEPT)
    if "payload" in sections:
        yield _grid("payload", "bytes there and back (median)", sections["payload"], _bytes, us)
    if "tiny" in sections:
        yield _rates("tiny", "tiny tasks a second, two workers, one a call", sections["tiny"], "rows")
        yield _rates("chunks", "the same by `map`, in chunks of 1,000", sections["tiny"], "chunked")
    if "workers" in sections:
        yield _grid(
            "workers", "tiny tasks a second, by workers (median)", sections["workers"], str, "{:,.0f}".format
        )
    if "callers" in sections:
        yield _grid(
            "callers", "a call, by waiting callers, two workers (median)", sections["callers"], str, us
        )
    if "executions" in sections:
        yield _grid(
            "executions", "a call, up to so many executions (median)", sections["executions"], str, us
        )
    if "speed_up" in sections:
        yield _speed_up(sections["speed_up"])
    if "start" in sections:
        yield _times("start", "start of a worker", sections["start"], ours="worker, ready for scripts")
        yield _times(
            "first", "from nothing to the first result", sections["start"], of="first", ours=ways.EXECUTOR
        )
    if "kill" in sections:
        yield _times("kill", "kill to the error in the caller's hands", sections["kill"])
        yield _times("next", "kill to the next answer", sections["kill"], of="next")
    if "layers" in sections:
        yield _layers(sections["layers"])
    if "memory" in sections:
        yield _memory(sections["memory"])
    if "growth" in sections:
        yield _growth(sections["growth"])
    if "accounting" in sections:
        yield _accounting(sections["accounting"])


def _missing(section: dict[str, Any]) -> list[str]:
    notes = [f"Not here: {name} ({reason})." for name, reason in section.get("missing", {}).items()]
    return notes + [f"{name}: {reason}." for name, reason in section.get("refused", {}).items()]


def _times(
    key: str, title: str, section: dict[str, Any], *, of: str = "rows", floor: str = "", ours: str = ""
) -> Text:
    rows = section[of]
    head = ["", "median", "99th percentile"]
    if floor:
        head.append("to the floor")
    if ours:
        head.append(f"to “{ours}”")
    table = Text(key, title, head, notes=_missing(section))
    for name in ordered(rows):
        row = rows[name]
        cells = [name, us(row["median"]), us(row["p99"])]
        others = [other for other in (floor, ours) if other]
        cells += [f"{row['median'] / rows[each]['median']:.2f}" if each in rows else "-" for each in others]
        table.rows.append(cells)
    return table


def _rates(key: str, title: str, section: dict[str, Any], rows_key: str) -> Text:
    rows = section[rows_key]
    table = Text(key, title, ["", "median", "middle half", f"to “{ways.EXECUTOR}”"], notes=_missing(section))
    ours = rows[ways.EXECUTOR]["median"]
    for name in ordered(rows):
        row = rows[name]
        spread = f"{row['low']:,.0f} to {row['high']:,.0f}"
        table.rows.append([name, f"{row['median']:,.0f}", spread, f"{row['median'] / ours:.2f}"])
    return table


def _bytes(point: str) -> str:
    size = int(point)
    return f"{size >> 20} MB" if size >= MIB else f"{size >> 10} KB" if size >= 1024 else f"{size} B"


def _grid(key: str, title: str, section: dict[str, Any], point: Any, shown: Any) -> Text:
    points = section["points"]
    names = ordered({name for rows in points.values() for name in rows})
    table = Text(key, title, ["", *map(point, points)], notes=_missing(section))
    for name in names:
        cells = [shown(rows[name]["median"]) if name in rows else "-" for rows in points.values()]
        table.rows.append([name, *cells])
    return table


def _speed_up(section: dict[str, Any]) -> Text:
    table = Text("speed_up", "CPU-bound speed-up of two workers", ["", "median", "middle half"])
    table.notes = _missing(section)
    for name in ordered(section["rows"]):
        row = section["rows"][name]
        table.rows.append([name, f"{row['median']:.2f}", f"{row['low']:.2f} to {row['high']:.2f}"])
    return table


def _layers(section: dict[str, Any]) -> Text:
    points = section["points"]
    table = Text(
        "layers", "layers of the sandbox: median of what each leaves (rewound, idle worker)", ["", *points]
    )
    for name in points["start"]:
        table.rows.append([name, *(us(rows[name]["median"]) for rows in points.values())])
    return table


def _memory(section: dict[str, Any]) -> Text:
    rows = section["bytes"]
    bare = rows["bare subinterpreter, the same modules"]
    table = Text("memory", "resident memory of one that is idle", ["", "MB", "to a bare subinterpreter"])
    for name, size in rows.items():
        table.rows.append([name, f"{size / MIB:.2f}", f"{size / bare:.2f}"])
    big = section["big"]
    table.notes.append(
        f"A run that took {big['peak'] / MIB:.0f} MB left the process with"
        f" {(big['after'] - big['before']) / MIB:+.2f} MB, once its worker was idle again."
    )
    return table


def _growth(section: dict[str, Any]) -> Text:
    table = Text("growth", "growth of the process", ["", "bytes each", "over"])
    for name, row in section["rows"].items():
        table.rows.append([name, f"{row['bytes']:,.0f}", f"{row['times']:,}"])
    return table


def _accounting(section: dict[str, Any]) -> Text:
    rows = section["rows"]
    names = {"again": "another bare one", "kept": "worker, kept state", "pristine": "worker, rewound"}
    table = Text(
        "accounting",
        "processor time of pure Python to that in a bare subinterpreter (95 % between)",
        ["", *(names[arm] for arm in rows)],
        notes=[f"{section['sets']} sets of processes; `make bench-tests` has the whole comparison."],
    )
    for workload in rows["kept"]:
        cells = [
            f"{row[workload]['value']:.3f} ({row[workload]['low']:.3f} to {row[workload]['high']:.3f})"
            for row in rows.values()
        ]
        table.rows.append([workload, *cells])
    return table


def noise(document: dict[str, Any]) -> list[str]:
    """How quiet the machine was, in a line, and a line for each section that was not."""
    watched = document["noise"]
    loud = {name: found["noisy"] for name, found in watched.items() if found["noisy"]}
    if not watched:
        return []
    spread = max(found["spin_spread"] for found in watched.values())
    others = max(found["others"] for found in watched.values())
    steal = max(found["steal"] for found in watched.values())
    signs = (
        f"the same work took up to {spread:.2f} times its best, other programs used up to {others:.0%} of the"
        f" processors, the hypervisor took up to {steal:.0%}"
    )
    if not loud:
        return [f"The machine was quiet: {signs}."]
    head = f"The machine was NOISY during {len(loud)} of {len(watched)} sections: {signs}."
    return [head, *(f"  {name}: {'; '.join(reasons)}." for name, reasons in loud.items())]
