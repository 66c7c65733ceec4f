"""The closing table and the summary."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from enclave_subinterp import PoolStats, RunResult

from .catalog import BENIGN_KINDS, HOSTILE_KINDS
from .display import mark
from .host_check import Check
from .judge import Outcome
from .plain import canonical

_ORDER = {kind: i for i, kind in enumerate(BENIGN_KINDS + HOSTILE_KINDS)}
_MB = 1 << 20
# A halt that takes longer, in ms, is none; wide, as the machine may be busy with something else.
_SLOWEST_HALT = 1_000.0
# The most that is shown of a script's output, in characters.
_OUTPUT = 2_000


@dataclass(frozen=True, slots=True)
class Summary:
    """All that the closing panel tells of; seconds and bytes."""

    outcomes: Sequence[Outcome]  # of every pass
    checks: Sequence[Check]
    stats: PoolStats
    runs: int
    probes: int
    passes: int
    elapsed: float

    @property
    def fine(self) -> bool:
        """Whether everything came to what it must."""
        right = all(outcome.fine for outcome in self.outcomes) and all(check.fine for check in self.checks)
        prompt = all(overrun < _SLOWEST_HALT for overrun in _overruns(self.outcomes))
        return right and prompt and self.stats.condemned_slots == 0


def print_table(console: Console, outcomes: Sequence[Outcome]) -> None:
    """One row a script, grouped by kind."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="What each script came to", title_style="bold")
    table.add_column("script", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    table.add_column("must", no_wrap=True)
    table.add_column("came to", no_wrap=True)
    for name in ("time", "peak", "late"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("next run", no_wrap=True)
    kind = None
    for outcome in sorted(outcomes, key=lambda o: (_ORDER[o.script.kind], o.script.name)):
        if kind not in (None, outcome.script.kind):
            table.add_section()
        kind = outcome.script.kind
        overrun = f"{outcome.overrun * 1e3:.2f} ms" if outcome.overrun is not None else ""
        table.add_row(
            Text(outcome.script.name, style="" if outcome.fine else "bold red"),
            Text(kind, style="dim"),
            _must(outcome),
            mark(outcome),
            f"{outcome.duration * 1e3:,.1f} ms",
            f"{outcome.peak_memory / _MB:.1f} MB",
            overrun,
            _after(outcome),
        )
    console.print(table)


def print_wrong(console: Console, outcomes: Sequence[Outcome]) -> None:
    """What went wrong, in full, and which run had the worker before."""
    for outcome in outcomes:
        if not outcome.fine:
            said = outcome.detail or f"afterwards: {outcome.after}"
            where = f" (worker {outcome.worker}, after {outcome.before or 'its start'})"
            console.print(
                Text.assemble(("wrong ", "bold red"), (outcome.script.name, "bold"), f": {said}{where}")
            )


def print_result(console: Console, name: str, result: RunResult) -> None:
    """All of one result, for a script asked for by name."""
    error = result.error
    text = Text(result.stdout[:_OUTPUT])
    if error is None:
        text.append(f"\n-> {canonical(result.value)[:_OUTPUT]}", style="green")
    else:
        text.append(f"\n-> {error.code.value}: {error.name}: {error.message}", style="cyan")
        text.append(f"\n{error.stack}" if error.stack else "", style="dim")
    console.print(Panel(text, title=name, title_align="left", border_style="dim"))


def print_summary(console: Console, summary: Summary) -> None:
    """The panel worth looking at."""
    outcomes = summary.outcomes
    benign = [o for o in outcomes if not o.script.hostile]
    hostile = [o for o in outcomes if o.script.hostile]
    stains = [o for o in hostile if o.script.kind == "stain"]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")

    def row(fine: bool | None, name: str, text: str) -> None:
        sign, style = {True: ("✓", "bold green"), False: ("✗", "bold red"), None: ("·", "dim")}[fine]
        grid.add_row(Text(sign, style=style), name, text)

    if benign:
        row(_all(benign), "benign", f"{_of(benign)} with the value and the output that plain CPython gives")
    if hostile:
        row(_all(hostile), "hostile", f"{_of(hostile)} ended as they must: {_counts(hostile)}")
        good = sum(o.after in ("right", "replaced") for o in hostile)
        replaced = sum(o.after == "replaced" for o in hostile)
        text = f"{good} of {len(hostile)} next runs on the same worker right"
        if replaced:
            text += f" ({replaced} of them on the worker that took its place)"
        row(good == len(hostile), "afterwards", text)
    clean = sum(o.after == "right" for o in stains)
    if stains:
        text = f"after {clean} of {len(stains)} a probe, the very next run there, found an interpreter as new"
        row(clean == len(stains), "stains", text)
    if overruns := _overruns(outcomes):
        late = overruns[min(len(overruns) - 1, int(len(overruns) * 0.99))]
        text = f"{len(overruns)} past their deadline by {statistics.median(overruns):.2f} ms in the median"
        row(
            overruns[-1] < _SLOWEST_HALT,
            "halts",
            f"{text}, {late:.2f} ms at the 99th percentile, {overruns[-1]:.2f} ms at most",
        )
    peak = max((o.peak_memory for o in outcomes), default=0)
    row(None, "peak", f"{peak / _MB:.1f} MB in one worker")
    for check in summary.checks:
        row(check.fine, check.name, check.text)
    stats = summary.stats
    row(
        stats.condemned_slots == 0,
        "pool",
        f"{stats.worker_recycles} recycles, {stats.forced_terminations} forced ends, {stats.memory_kills} for memory, "
        f"{stats.contained_crashes} crashes contained, {stats.condemned_slots} slots condemned",
    )
    rate = summary.runs / summary.elapsed if summary.elapsed else 0.0
    work = f"{summary.runs} runs ({summary.probes} of them probes) in {summary.elapsed:.1f} s, {rate:.0f} a second"
    verdict = (
        "the host is unharmed and every script came to what it must"
        if summary.fine
        else "something went wrong"
    )
    footer = Text(f"{work}, {summary.passes} pass{'es' * (summary.passes > 1)}", style="dim")
    style = "green" if summary.fine else "red"
    console.print(
        Panel(Group(grid, Text(""), footer), title=f"[bold]{verdict}[/]", border_style=style, padding=(1, 2))
    )


def _overruns(outcomes: Sequence[Outcome]) -> list[float]:
    """What the halts took beyond their deadlines, in milliseconds, the shortest first."""
    return sorted(outcome.overrun * 1e3 for outcome in outcomes if outcome.overrun is not None)


def _must(outcome: Outcome) -> Text:
    codes = outcome.script.expect
    short = outcome.right and len(codes) > 1
    return Text(f"one of {len(codes)} codes" if short else " ".join(codes), style="dim")


def _after(outcome: Outcome) -> Text:
    if outcome.after in ("", "right", "replaced"):
        return Text(outcome.after, style="dim")
    return Text("WRONG", style="bold red")


def _all(outcomes: Sequence[Outcome]) -> bool:
    return all(outcome.right for outcome in outcomes)


def _of(outcomes: Sequence[Outcome]) -> str:
    return f"{sum(outcome.right for outcome in outcomes)} of {len(outcomes)}"


def _counts(outcomes: Sequence[Outcome]) -> str:
    counts = Counter(outcome.came for outcome in outcomes)
    return ", ".join(
        f"{count} {code}" for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
