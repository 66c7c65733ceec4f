"""What is seen while the scripts run: a live display on a terminal, a line per script elsewhere."""

from __future__ import annotations

import time
from collections import deque
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from .catalog import Script
from .judge import Outcome

_RECENT = 8


class Display(Protocol):
    """Is told what happens."""

    def began(self, script: Script) -> None:
        """A script was sent to the pool."""

    def ended(self, outcome: Outcome) -> None:
        """A script came to something."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def mark(outcome: Outcome) -> Text:
    """What a script came to, coloured by whether that is right."""
    if not outcome.fine:
        return Text(outcome.came, style="bold red")
    return Text(outcome.came, style="green" if outcome.came == "OK" else "cyan")


class LiveDisplay:
    """A progress bar with the scripts under way, the last outcomes and the count of each outcome."""

    def __init__(self, console: Console, label: str, total: int) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("[bold]{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            expand=True,
        )
        self._task = self._progress.add_task(label, total=total)
        self._recent: deque[Outcome] = deque(maxlen=_RECENT)
        self._flying: dict[str, Script] = {}
        self._tally: dict[str, int] = {}
        self._wrong = 0
        # Drawn four times a second: the machine's processors are the scripts'.
        self._live = Live(self, console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.stop()

    def began(self, script: Script) -> None:
        """A script was sent to the pool."""
        self._flying[script.name] = script

    def ended(self, outcome: Outcome) -> None:
        """A script came to something."""
        self._flying.pop(outcome.script.name, None)
        self._recent.append(outcome)
        self._tally[outcome.came] = self._tally.get(outcome.came, 0) + 1
        self._wrong += not outcome.right
        self._progress.advance(self._task)

    def __rich__(self) -> RenderableType:
        rows = Table.grid(padding=(0, 2), expand=True)
        for _ in range(3):
            rows.add_column(no_wrap=True)
        rows.add_column(no_wrap=True, justify="right")
        for outcome in list(self._recent):
            duration = Text(f"{outcome.duration * 1e3:,.1f} ms", style="dim")
            rows.add_row(
                Text(outcome.script.kind, style="dim"), outcome.script.title, mark(outcome), duration
            )
        for script in list(self._flying.values())[:2]:
            rows.add_row(
                Text(script.kind, style="dim"),
                Text(script.title, style="bold"),
                Text("runs", style="yellow"),
                "",
            )
        tally = Text("   ").join(Text(f"{name} {count}") for name, count in sorted(self._tally.items()))
        wrong = Text(f"   wrong {self._wrong}", style="bold red") if self._wrong else Text("")
        return Group(self._progress, rows, Text(" ") + tally + wrong)


class PlainDisplay:
    """One line a script, for logs."""

    def __init__(self, console: Console, label: str, total: int) -> None:
        self._console = console
        self._label = label
        self._total = total
        self._count = 0
        self._start = time.monotonic()

    def __enter__(self) -> Self:
        self._console.print(f"{self._label}: {self._total} scripts", highlight=False, markup=False)
        return self

    def __exit__(self, *error: object) -> None:
        seconds = time.monotonic() - self._start
        self._console.print(f"{self._label}: done in {seconds:.1f} s", highlight=False, markup=False)

    def began(self, script: Script) -> None:
        """Nothing to say yet."""

    def ended(self, outcome: Outcome) -> None:
        """Print the outcome's line."""
        self._count += 1
        word = "ok   " if outcome.right else "WRONG"
        text = f"[{self._count:3}/{self._total}] {word} {outcome.came:22} {outcome.duration * 1e3:9.1f} ms"
        self._console.print(f"{text}  {outcome.script.name}", highlight=False, markup=False, soft_wrap=True)
        if outcome.detail:
            self._console.print(f"          {outcome.detail}", highlight=False, markup=False, soft_wrap=True)


def make_display(console: Console, label: str, total: int) -> Display:
    """The display that suits where the output goes."""
    return LiveDisplay(console, label, total) if console.is_terminal else PlainDisplay(console, label, total)
