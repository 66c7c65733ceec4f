"""A run's figures on a terminal."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.programme import tables, targets


def say(text: str) -> None:
    """What goes on, beside the figures."""
    print(text, file=sys.stderr, flush=True)


def show(document: dict[str, Any]) -> None:
    """Every table, and the targets last."""
    console = Console(width=None if sys.stdout.isatty() else 170)
    for table in tables.tables(document):
        shown = Table(title=table.title, title_justify="left", box=None, padding=(0, 2), header_style="bold")
        shown.add_column(table.head[0], no_wrap=True)
        for title in table.head[1:]:
            shown.add_column(title, justify="right", no_wrap=True)
        for row in table.rows:
            shown.add_row(*row)
        console.print(shown, soft_wrap=True)
        for note in table.notes:
            console.print(note, style="dim", soft_wrap=True, markup=False)
        console.print()
    verdicts = Table(title="targets", title_justify="left", box=None, padding=(0, 2), header_style="bold")
    for title in ("what", "target", "found", ""):
        verdicts.add_column(title)
    styles = {True: "green", False: "red", None: "dim"}
    for verdict in targets.judge(document["sections"]):
        if verdict.held is None and document["partial"]:
            continue
        verdicts.add_row(
            verdict.what, verdict.target, verdict.figure, verdict.word, style=styles[verdict.held]
        )
    console.print(verdicts)
    for name, reason in document["failed"].items():
        console.print(f"{name} failed: {reason}", style="bold red", markup=False)
    for line in tables.noise(document):
        console.print(line, markup=False)
