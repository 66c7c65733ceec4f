"""`enclave top`: the pools of another process, live, from the socket that it opened for this."""

from __future__ import annotations

import json
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..observe import PROTOCOL, VARIABLE, own_folder
from .terminal import console, plain

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["command"]

_LINE = 1 << 20  # bytes that a message may have
_SECONDS = 5.0  # beyond the interval, after which a silent process counts as hung
_MB = 1024 * 1024


@click.command(short_help="Watch the enclaves of another process.")
@click.argument("where", required=False)
@click.option(
    "--interval",
    type=click.FloatRange(0.1, 60.0),
    default=1.0,
    show_default=True,
    help="Seconds between two looks.",
)
@click.option("--once", is_flag=True, help="Look once and end.")
@click.option("--json", "as_json", is_flag=True, help="Write the messages as they come, a line each.")
def command(where: str | None, interval: float, once: bool, as_json: bool) -> int:
    """Watch the enclaves of a process: WHERE is its number or the path of its socket.

    The process opens the socket when it is told to: with `enclave.serve_stats()` in its program, or for every enclave
    by the variable ENCLAVE_STATS_SOCKET=auto.  Without WHERE the only one that there is is taken.  Ctrl-C ends.

    \b
    Examples:
      ENCLAVE_STATS_SOCKET=auto python service.py &
      enclave top
      enclave top 4711 --interval 0.2
      enclave top /run/service/stats.sock --once --json | jq .enclaves
    """
    path = _find(where)
    with closing(_connect(path)) as connection:
        messages = _messages(connection, interval)
        hello = next(messages, {})
        if hello.get("type") != "hello" or hello.get("protocol") != PROTOCOL:
            raise click.ClickException(
                f"what listens at {path} speaks another protocol than this version of enclave_subinterp ({PROTOCOL});"
                " use the version that the process has"
            )
        samples = (message for message in messages if message.get("type") == "sample")
        if as_json:
            return _write(samples, once)
        return _show(hello, samples, once)


def _write(samples: Iterator[dict[str, Any]], once: bool) -> int:
    for sample in samples:
        sys.stdout.write(json.dumps(sample) + "\n")
        sys.stdout.flush()
        if once:
            break
    return 0


def _show(hello: dict[str, Any], samples: Iterator[dict[str, Any]], once: bool) -> int:
    screen = console()
    view = _View(hello)
    if once or not screen.is_terminal:
        for sample in samples:
            screen.print(view.of(sample))
            if once:
                break
        return 0
    from rich.live import Live

    # The other screen of the terminal, which is left as it was found, however this ends.
    with Live(console=screen, screen=True, auto_refresh=False) as live:
        for sample in samples:
            live.update(view.of(sample), refresh=True)
    screen.print(f"process {hello.get('pid')} has closed its socket")
    return 0


# --- the socket ------------------------------------------------------------------------------------------------------


def _find(where: str | None) -> Path:
    folder = own_folder()
    if where is not None:
        path = folder / f"{where}.sock" if where.isdigit() else Path(where)
        if not path.exists():
            raise click.UsageError(f"there is no socket {path}; {_HOW}")
        return path
    there = sorted(folder.glob("*.sock")) if folder.is_dir() else []
    living = [path for path in there if _answers(path)]
    if len(living) == 1:
        return living[0]
    if living:
        names = ", ".join(path.stem for path in living)
        raise click.UsageError(f"several processes show their enclaves; name one of {names}")
    raise click.UsageError(f"no process shows its enclaves in {folder}; {_HOW}")


_HOW = f"start the process with {VARIABLE}=auto, or call enclave.serve_stats() in it"


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if not stat.S_ISSOCK(path.stat().st_mode):
            raise click.UsageError(f"{path} is no socket; {_HOW}")
        connection.connect(str(path))
    except OSError as error:
        connection.close()
        raise click.ClickException(f"{path} does not answer: {error.strerror}; {_HOW}") from error
    return connection


def _messages(connection: socket.socket, interval: float) -> Iterator[dict[str, Any]]:
    """What the process says, until it closes."""
    connection.settimeout(interval + _SECONDS)
    try:
        connection.sendall(json.dumps({"interval": interval}).encode() + b"\n")
        with connection.makefile("rb") as lines:
            while line := lines.readline(_LINE):
                message = json.loads(line)
                if isinstance(message, dict):
                    yield message
    except TimeoutError:
        raise click.ClickException(
            f"the process has said nothing for {interval + _SECONDS:g} s; it hangs, or is stopped"
        ) from None
    except ConnectionError:
        return
    except ValueError as error:
        raise click.ClickException(f"the process said what is no message: {error}") from error


# --- the view --------------------------------------------------------------------------------------------------------


@dataclass
class _View:
    """Samples as tables; remembers the one before, for what happened since."""

    hello: dict[str, Any]
    before: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, sample: dict[str, Any]) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        head = Text(
            f"process {self.hello['pid']}, Python {plain(str(self.hello['python']))},"
            f" enclave_subinterp {plain(str(self.hello['version']))}",
            style="bold",
        )
        parts: list[RenderableType] = [head]
        if not sample["enclaves"]:
            parts.append(Text("no enclave lives there now", style="dim"))
        for enclave in sample["enclaves"]:
            parts += self._enclave(enclave)
        return Group(*parts)

    def _enclave(self, enclave: dict[str, Any]) -> list[RenderableType]:
        from rich.table import Table
        from rich.text import Text

        name, limits, stats = plain(enclave["name"]), enclave["limits"], enclave["stats"]
        title = Text(f"\n{name}", style="bold cyan").append(
            f"  {plain(enclave['security_level'])}, {plain(enclave['state'])}", style="default"
        )
        if stats is None:
            return [title]
        before = self.before.get(name)
        self.before[name] = stats
        rate = "-"
        if before is not None and stats["timestamp"] > before["timestamp"]:
            runs = stats["total_executions"] - before["total_executions"]
            rate = f"{runs / (stats['timestamp'] - before['timestamp']):,.0f}"
        facts = Table.grid(padding=(0, 3))
        facts.add_row(
            f"workers {stats['active_workers']} active, {stats['idle_workers']} idle of {limits['max_workers']}",
            f"waiting {stats['queue_depth']} of {limits['max_queue_size']}",
            f"{rate} runs/s",
            f"mean {stats['avg_execution_time'] * 1e3:.2f} ms",
        )
        facts.add_row(
            f"runs {stats['total_executions']:,}, failed {stats['failed_executions']:,}",
            f"timed out {stats['timeout_executions']:,}",
            f"halted {stats['forced_terminations']:,}",
            f"out of memory {stats['memory_kills']:,}",
        )
        facts.add_row(
            f"recycled {stats['worker_recycles']:,}",
            f"crashes contained {stats['contained_crashes']:,}",
            _warned(f"condemned {stats['condemned_slots']:,}", stats["condemned_slots"] > 0),
            _warned("restart advised" if stats.get("restart_advised") else "", True),
        )
        workers = Table(box=None, padding=(0, 2), header_style="dim")
        workers.add_column("worker", justify="right")
        workers.add_column("state")
        workers.add_column("runs", justify="right")
        workers.add_column("memory", justify="right")
        workers.add_column("")
        limit = limits["memory_limit_per_worker"]
        for each in enclave["workers"]:
            workers.add_row(
                str(each["id"]),
                Text(plain(each["state"]), style="green" if each["state"] == "active" else "dim"),
                f"{each['executions']:,}",
                f"{each['memory'] / _MB:.1f} MB",
                _bar(each["memory"] / limit),
            )
        return [title, facts, workers]


def _warned(text: str, warn: bool) -> RenderableType:
    from rich.text import Text

    return Text(text, style="bold red" if warn else "default")


def _bar(share: float) -> RenderableType:
    from rich.text import Text

    full = min(20, round(share * 20))
    return Text("▪" * full + "·" * (20 - full), style="red" if share > 0.75 else "green")
