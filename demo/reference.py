"""What a benign script must come to, found by running it in plain CPython.

An independent and much plainer runner than the package's: a top-level ``return`` becomes the raising of an
exception that carries the value, the last expression an assignment.  It runs in a process of its own::

    python -m demo.reference [NAME ...]     # prints {name: {"value": ..., "stdout": ..., "error": ...}} as JSON
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from . import catalog, corpus
from .plain import TopLevelReturn, canonical, compile_script
from .tools import Tools

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Expected:
    """What a script came to: its value in canonical text, its output, and its error if it had one."""

    value: str
    stdout: str
    error: str | None = None


class ToolError(Exception):
    """Stands for the guest's ``ToolError``."""


def run_plain(script: catalog.Script, tools: Callable[[str, dict[str, object]], object]) -> Expected:
    """Run a trusted script in this interpreter and tell what it came to."""

    def call_tool(name: str, args: dict[str, object]) -> object:
        try:
            return tools(name, args)
        except Exception as error:
            raise ToolError(str(error)) from error

    code = compile_script(script.source, script.name)
    names: dict[str, object] = {
        "__name__": "__main__",
        "__TopLevelReturn__": TopLevelReturn,
        "call_tool": call_tool,
        "ToolError": ToolError,
        **corpus.resolve(script.data),
    }
    random.seed()
    out = io.StringIO()
    value: object = None
    try:
        with contextlib.redirect_stdout(out):
            exec(code, names)
        value = names.get("__value__")
    except TopLevelReturn as top_level:
        value = top_level.value
    except Exception as error:  # noqa: BLE001 - the script's own, whatever it is
        return Expected(canonical(None), out.getvalue(), f"{type(error).__name__}: {error}")
    return Expected(canonical(value), out.getvalue())


def run_all(scripts: Iterable[catalog.Script]) -> dict[str, Expected]:
    """Run benign scripts one after the other in this interpreter."""
    tools = Tools()
    return {script.name: run_plain(script, tools) for script in scripts}


def compute(names: Sequence[str]) -> dict[str, Expected]:
    """Run the named benign scripts in a child process; RuntimeError if that fails."""
    command = [sys.executable, "-m", "demo.reference", *names]
    child = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if child.returncode:
        raise RuntimeError(f"the reference runner failed with code {child.returncode}:\n{child.stderr}")
    return {name: Expected(**fields) for name, fields in json.loads(child.stdout).items()}


def main(names: Sequence[str]) -> None:
    """Run the named scripts, or all, and print what they came to."""
    scripts = [script for script in catalog.load("scripts") if not names or script.name in names]
    print(json.dumps({name: asdict(expected) for name, expected in run_all(scripts).items()}))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main(sys.argv[1:])
