"""`enclave bench`: what isolation costs on this machine."""

from __future__ import annotations

import importlib
import json
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import click

from .. import __version__
from .bench_ways import Way, ways
from .terminal import console

__all__ = ["command"]

_DATA: Final = {
    f"key{number}": [number, number / 2, str(number)] for number in range(250)
}  # a thousand items
_TURNS: Final = 40_000  # of `compute`: some milliseconds
_ROUND_SECONDS: Final = 0.02  # that the calls of one way take of a round, at most,
_ROUND_CALLS: Final = 500  # and how many they are


@dataclass
class Row:
    """What was measured of one way, in seconds: each call by itself, the others once a round."""

    name: str
    call: list[float] = field(default_factory=list)
    data: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    compute: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """The medians."""
        return {
            "name": self.name,
            "call_us": _median(self.call, 1e6),
            "data_us": _median(self.data, 1e6),
            "tasks_per_second": 1 / _median(self.many, 1) if self.many else None,
            "compute_ms": _median(self.compute, 1e3) if self.compute else None,
        }


@click.command(short_help="What isolation costs on this machine.")
@click.option(
    "--seconds", type=click.FloatRange(0.5, 600), default=6.0, show_default=True, help="Time to measure."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Workers of each pool. [default: usable processors]"
)
@click.option("--json", "as_json", is_flag=True, help="Write the figures as one JSON object.")
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw them into this file (.png or .svg); needs matplotlib.",
)
def command(seconds: float, workers: int | None, as_json: bool, plot: Path | None) -> int:
    """Have the same small tasks done inline, by threads, by enclaves, by interpreters and by processes.

    The ways take turns in short rounds in random order, so what else the machine does hurts all of them alike.  The
    figures are medians: of a call and its answer; of the same with a dict of 1,000 items each way; of the tasks a
    second with all workers busy; and how much sooner every worker has done a computation of some milliseconds than the
    same are done inline.

    \b
    Examples:
      enclave bench
      enclave bench --seconds 30 --plot cost.svg
      enclave bench --json | jq '.ways[] | {name, call_us}'
    """
    if plot is not None:
        _check_plot(plot)
    workers = workers or len(os.sched_getaffinity(0))
    with ExitStack() as stack, _Progress(as_json) as progress:
        progress.say("starting")
        found, missing = ways(stack, workers, lambda what: progress.say(f"starting: {what}"))
        rows = [Row(way.name) for way in found]
        for share in _rounds(found, rows, workers, seconds):
            progress.say("measuring", share)
        progress.say("ending")
    figures = [row.figures() for row in rows]
    inline = figures[0]["compute_ms"]
    for each in figures:
        each["speed_up"] = inline / each["compute_ms"] if each["compute_ms"] else None
    document = {
        "version": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "workers": workers,
        "rounds": len(rows[0].compute),
        "ways": figures,
        "missing": missing,
    }
    if plot is not None:
        _draw(document, plot)
    if as_json:
        sys.stdout.write(json.dumps(document) + "\n")
    else:
        _show(document)
        if plot is not None:
            console().print(f"drawn into {plot}")
    return 0


# --- measuring -------------------------------------------------------------------------------------------------------


def _rounds(found: list[Way], rows: list[Row], workers: int, seconds: float) -> Iterator[float]:
    """Measure round by round until the time is over, at least twice; yields the share of it."""
    start = time.monotonic()
    pairs = list(zip(found, rows, strict=True))
    rounds = 0
    while rounds < 2 or time.monotonic() - start < seconds:
        rounds += 1
        random.shuffle(pairs)
        for way, row in pairs:
            row.call += _repeat(way, "tiny", 1)
            row.data += _repeat(way, "echo", _DATA)
            row.compute.append(_together(way, "compute", _TURNS, workers))
            if way.begin is not None:
                row.many.append(_together(way, "tiny", 1, 50 * workers) / (50 * workers))
            yield min(1.0, (time.monotonic() - start) / seconds)


def _repeat(way: Way, task: str, argument: Any) -> list[float]:
    """Seconds of each call, for some time: one that the machine had no time for is one of many."""
    calls: list[float] = []
    end = time.perf_counter() + _ROUND_SECONDS
    while len(calls) < 3 or (time.perf_counter() < end and len(calls) < _ROUND_CALLS):
        start = time.perf_counter()
        way.call(task, argument)
        calls.append(time.perf_counter() - start)
    return calls


def _together(way: Way, task: str, argument: Any, count: int) -> float:
    """Seconds until so many are done that were begun at once."""
    start = time.perf_counter()
    if way.begin is None:
        for _ in range(count):
            way.call(task, argument)
    else:
        for wait in [way.begin(task, argument) for _ in range(count)]:
            wait()
    return time.perf_counter() - start


def _median(values: list[float], scale: float) -> float:
    return statistics.median(values) * scale


# --- showing ---------------------------------------------------------------------------------------------------------


class _Progress:
    """A line on a terminal that tells how far it is; nothing where there is none."""

    def __init__(self, silent: bool) -> None:
        screen = console(stderr=True)
        self._status = None if silent or not screen.is_terminal else screen.status("")

    def say(self, what: str, share: float | None = None) -> None:
        if self._status is not None:
            self._status.update(what if share is None else f"{what}: {share:.0%}")

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()


def _show(document: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2), header_style="bold")
    table.add_column("way", no_wrap=True)
    for title in ("call", "1,000 items", "tasks/s", "speed-up"):
        table.add_column(title, justify="right", no_wrap=True)
    for each in document["ways"]:
        many, faster = each["tasks_per_second"], each["speed_up"]
        table.add_row(
            each["name"],
            f"{each['call_us']:,.1f} µs",
            f"{each['data_us']:,.0f} µs",
            f"{many:,.0f}" if many else "-",
            f"{faster:.2f}" if faster else "-",
        )
    screen = console()
    screen.print(
        f"Python {document['python']}, {document['machine']}, {document['workers']} workers each,"
        f" medians of {document['rounds']} rounds",
        soft_wrap=True,
    )
    screen.print(table)
    for each in document["missing"]:
        screen.print(f"not here: {each}")


def _check_plot(plot: Path) -> None:
    """UsageError now rather than after the measuring."""
    if plot.suffix not in {".png", ".svg", ".pdf"}:
        raise click.UsageError(f"--plot {plot}: expected a name that ends in .png, .svg or .pdf")
    if not plot.absolute().parent.is_dir():
        raise click.UsageError(f"--plot {plot}: there is no folder {plot.absolute().parent}")
    try:
        importlib.import_module("matplotlib")
    except ImportError as error:
        raise click.UsageError(
            f"--plot needs matplotlib, which is not here: {sys.executable} -m pip install matplotlib"
        ) from error


def _draw(document: dict[str, Any], plot: Path) -> None:
    importlib.import_module("matplotlib").use("Agg")
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    figure, axes = pyplot.subplots(1, 2, figsize=(11, 3.5), layout="constrained", sharey=True)
    names = [each["name"] for each in document["ways"]][::-1]
    for axis, key, title in zip(
        axes, ("call_us", "data_us"), ("a call and its answer", "with 1,000 items each way"), strict=True
    ):
        values = [each[key] for each in document["ways"]][::-1]
        axis.bar_label(axis.barh(names, values), fmt="{:,.1f}", padding=3)
        axis.set(xscale="log", xlabel="microseconds (median)", title=title)
        axis.margins(x=0.2)
    figure.suptitle(f"Python {document['python']}, {document['workers']} workers")
    figure.savefig(plot)
