"""What a benign script must come to, found by running it in plain CPython.

An independent and much plainer runner than the package's: a top-level ``return`` becomes the raising of an
exception that carries the value, the last expression an assignment.  It runs in a process of its own::

    python -m demo.reference [NAME ...]     # prints {name: {"value": ..., "stdout": ..., "error": ...}} as JSON
"""

from __future__ import annotations

import ast
import contextlib
import datetime
import io
import json
import random
import subprocess
import sys
import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from . import catalog, corpus
from .tools import Tools

_ROOT = Path(__file__).resolve().parent.parent
_TIMES = (datetime.datetime, datetime.date, datetime.time)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a script came to: its value in canonical text, its output, and its error if it had one."""

    value: str
    stdout: str
    error: str | None = None


class ToolError(Exception):
    """Stands for the guest's ``ToolError``."""


class _TopLevelReturn(BaseException):
    def __init__(self, value: object = None) -> None:
        self.value = value


class _Rewriter(ast.NodeTransformer):
    """Turns ``return`` outside functions into a raise; goes into no function, lambda or class."""

    def visit_Return(self, node: ast.Return) -> ast.AST:
        value = [node.value] if node.value is not None else []
        call = ast.Call(ast.Name("__TopLevelReturn__", ast.Load()), args=value, keywords=[])
        return ast.copy_location(ast.Raise(exc=call, cause=None), node)

    def _stay_out(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _stay_out


def canonical(value: object) -> str:
    """A text that is equal for equal values of equal types only; sets are put in order, dicts kept in theirs."""
    kind = type(value).__name__
    if isinstance(value, dict):
        items = ", ".join(f"{canonical(key)}: {canonical(item)}" for key, item in value.items())
        return f"{kind}{{{items}}}"
    if isinstance(value, list | tuple):
        return f"{kind}[{', '.join(map(canonical, value))}]"
    if isinstance(value, set | frozenset):
        return f"{kind}<{', '.join(sorted(map(canonical, value)))}>"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{kind}:{value:#x}" if abs(value) >= 2**64 else f"{kind}:{value}"
    if isinstance(value, _TIMES):
        return f"{kind}:{value.isoformat()}"
    return f"{kind}:{value!r}"


def compile_plain(script: catalog.Script) -> types.CodeType:
    """The script as a module that leaves its value in ``__value__`` or in a `_TopLevelReturn`; SyntaxError."""
    tree = ast.parse(script.source, script.name)
    tree = _Rewriter().visit(tree)
    if tree.body and isinstance(last := tree.body[-1], ast.Expr):
        tree.body[-1] = ast.Assign([ast.Name("__value__", ast.Store())], last.value)
    return compile(ast.fix_missing_locations(tree), script.name, "exec")


def run_plain(script: catalog.Script, tools: Callable[[str, dict[str, object]], object]) -> Expected:
    """Run a trusted script in this interpreter and tell what it came to."""

    def call_tool(name: str, args: dict[str, object]) -> object:
        try:
            return tools(name, args)
        except Exception as error:
            raise ToolError(str(error)) from error

    code = compile_plain(script)
    names: dict[str, object] = {
        "__name__": "__main__",
        "__TopLevelReturn__": _TopLevelReturn,
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
    except _TopLevelReturn as top_level:
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
