"""``python -m demo``: runs the scripts, shows what they came to, and exits 1 if anything went wrong."""

from __future__ import annotations

import argparse
import platform
import random
import sys
from collections.abc import Sequence
from fnmatch import fnmatch

from rich.console import Console
from rich.table import Table
from rich.text import Text

from enclave_subinterp import capabilities

from .catalog import Script, load_all
from .perform import perform

_SEED = 20_240_229
_PASSES = 2
# A quick run takes every third benign script and all hostile ones, once.
_QUICK_STEP = 3
# Of so few scripts, asked for by name, all that they came to is shown.
_SHOWN = 3
# Width of the tables where the output goes to no terminal.
_WIDTH = 140


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration; the exit code."""
    options = _parse(arguments)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False, emoji=False)
    scripts = _choose(load_all(), options.only, options.quick)
    if options.list:
        _print_list(console, scripts)
        return 0
    console.print(Text(_describe_python()), soft_wrap=True)
    if options.python:
        return 0
    if not scripts:
        console.print("no script has such a name; `python -m demo --list` names them all")
        return 2
    # The same order every time, hostile and benign mixed.
    random.Random(options.seed).shuffle(scripts)
    passes = 1 if options.quick or options.only else _PASSES
    try:
        return perform(console, scripts, passes, show_results=bool(options.only) and len(scripts) <= _SHOWN)
    except KeyboardInterrupt:
        console.print("interrupted")
        return 130


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m demo",
        description="Scripts of users, tenants and models, and hostile ones, on two workers.",
    )
    parser.add_argument("--quick", action="store_true", help="one pass over fewer scripts")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="only scripts of this name (*); may come again"
    )
    parser.add_argument("--list", action="store_true", help="name the scripts and end")
    parser.add_argument(
        "--python", action="store_true", help="say which Python this is and what it enforces, and end"
    )
    parser.add_argument("--seed", type=int, default=_SEED, help="of the scripts' order")
    return parser.parse_args(arguments)


def _choose(scripts: list[Script], only: Sequence[str] | None, quick: bool) -> list[Script]:
    if only:
        return [script for script in scripts if any(fnmatch(script.name, pattern) for pattern in only)]
    if quick:
        benign = [script for script in scripts if not script.hostile]
        return benign[::_QUICK_STEP] + [script for script in scripts if script.hostile]
    return scripts


def _print_list(console: Console, scripts: Sequence[Script]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("name", "kind", "must", "title"):
        table.add_column(column)
    for script in scripts:
        table.add_row(script.name, script.kind, " ".join(script.expect), Text(script.title))
    console.print(table)


def _describe_python() -> str:
    enforced = [name for name, offered in dict(capabilities()).items() if offered]
    return (
        f"CPython {platform.python_version()} on {platform.platform()}; enforced here: {', '.join(enforced)}"
    )


if __name__ == "__main__":
    sys.exit(main())
