"""Watches a host under everything at once (host.py) and judges it: ``soak.py MINUTES [SEED]``, or ``make soak``.

It fails when the host dies or hangs, when a result is lost, doubled or wrong, when a slot is condemned, when
descriptors or threads are left at the end, and, if it ran for two minutes at least, when memory drifts: from the second
quarter of the time to the last, each at its lowest, by more than 16 MB and 256 bytes for every execution in between
(256 MB a million).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

MB = 1024 * 1024
SLACK, EACH = 16 * MB, 256  # bytes
DRIFTS_FROM = 120.0  # seconds; before that the workers are still growing into their use
HANG = 150.0  # seconds beyond its time that the host may take to end
HOST = Path(__file__).resolve().parent / "host.py"


def executions(report: dict[str, Any]) -> int:
    return sum(report["answers"].values())


def shown(report: dict[str, Any], first: dict[str, Any] | None, minutes: float) -> Table:
    """The figures of a moment."""
    table = Table(title=f"soak, {report['seconds'] / 60:.1f} of {minutes:g} minutes", min_width=60)
    table.add_column("figure")
    table.add_column("now", justify="right")
    count = executions(report)
    table.add_row("executions", f"{count:,}")
    table.add_row("executions a second", f"{count / max(report['seconds'], 0.001):,.0f}")
    table.add_row("latency of a run", f"{report['median'] * 1e3:.2f} ms, 99 % {report['p99'] * 1e3:.1f} ms")
    growth = f", {(report['memory'] - first['memory']) / MB:+.1f}" if first is not None else ""
    table.add_row("memory", f"{report['memory'] / MB:.1f} MB{growth}; with libc's {report['raw'] / MB:.1f}")
    table.add_row(
        "descriptors, threads, slots", f"{report['descriptors']}, {report['threads']}, {report['slots']}"
    )
    table.add_row("recycled, condemned", f"{report['recycles']:,}, {report['condemned']}")
    table.add_row("lost, doubled", f"{report['lost']}, {report['doubled']}")
    for what, number in sorted(report["answers"].items(), key=lambda item: -item[1]):
        table.add_row(f"  {what}", f"{number:,}")
    return table


def listen(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)


def lowest(reports: list[dict[str, Any]]) -> dict[str, Any]:
    return min(reports, key=lambda report: report["memory"])


def judge(reports: list[dict[str, Any]], seconds: float) -> list[str]:
    """What was not right."""
    last = reports[-1]
    wrong = list(last["failures"])
    for what in ("lost", "doubled", "condemned"):
        if last[what]:
            wrong.append(f"{what}: {last[what]}")
    if any(after > before for before, after in zip(last["before"], last["after"], strict=True)):
        wrong.append(f"descriptors and threads at the start {last['before']}, at the end {last['after']}")
    growth, between = drift(reports, seconds)
    if seconds >= DRIFTS_FROM and growth > SLACK + EACH * between:
        wrong.append(f"memory grew by {growth / MB:.1f} MB over {between:,} executions")
    return wrong


def drift(reports: list[dict[str, Any]], seconds: float) -> tuple[int, int]:
    """Bytes and executions between the second quarter and the last, each at its lowest."""
    early = [report for report in reports if 0.25 <= report["seconds"] / seconds < 0.5]
    late = [report for report in reports if report["seconds"] / seconds >= 0.75]
    if not early or not late:
        return 0, 0
    first, last = lowest(early), lowest(late)
    return last["memory"] - first["memory"], executions(last) - executions(first)


def main(minutes: float, seed: int) -> int:
    console = Console()
    seconds = minutes * 60
    reports: list[dict[str, Any]] = []
    command = [sys.executable, "-X", "faulthandler", str(HOST), str(seconds), str(seed)]
    begun = time.monotonic()
    with (
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process,
        Live(console=console, refresh_per_second=2, transient=console.is_terminal) as live,
    ):
        for report in listen(process):
            reports.append(report)
            first = next((one for one in reports if one["seconds"] >= seconds / 4), None)
            if console.is_terminal:
                live.update(shown(report, first, minutes))
        try:
            status = process.wait(HANG)
        except subprocess.TimeoutExpired:
            process.kill()
            status = -1
    if status != 0 or not reports or not reports[-1].get("last"):
        console.print(
            f"seed {seed}: the host was lost after {time.monotonic() - begun:.0f} s, status {status}"
        )
        return 1
    growth, between = drift(reports, seconds)
    console.print(shown(reports[-1], None, minutes))
    million = growth / between * 1e6 / MB if between else 0.0
    console.print(
        f"seed {seed}: memory {growth / MB:+.1f} MB over {between:,} executions ({million:+.1f} MB a million)"
    )
    console.print(
        f"threads of the core come late here and there: {'yes' if reports[-1]['late'] else 'no, no build for tests'}"
    )
    wrong = judge(reports, seconds)
    for complaint in wrong:
        console.print(f"WRONG: {complaint}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)))
