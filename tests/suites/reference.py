"""A plain runner of scripts, as anybody would write it: what a script comes to in CPython without this package.

It follows the contract's rule for values (a top-level ``return``, else the last expression, top-level ``await``) and
gives scripts the names they find in an enclave, made the simple way: Python functions that close over what they call.
"""

from __future__ import annotations

import ast
import asyncio
import datetime
import inspect
import io
import sys
import types
from collections.abc import Callable
from typing import Any

_TIMES = (datetime.datetime, datetime.date, datetime.time)


class TopLevelReturn(BaseException):
    """Carries the value of a ``return`` outside functions."""

    def __init__(self, value: object = None) -> None:
        self.value = value


class ToolError(Exception):
    """Stands for the guest's ``ToolError``."""

    def __init__(self, message: str, name: str = "ToolError") -> None:
        super().__init__(message)
        self.name = name


class _Rewriter(ast.NodeTransformer):
    """Turns ``return`` outside functions into a raise; goes into no function, lambda or class."""

    def visit_Return(self, node: ast.Return) -> ast.AST:
        call = ast.Call(ast.Name("__TopLevelReturn__", ast.Load()), [node.value] if node.value else [], [])
        return ast.copy_location(ast.Raise(call, None), node)

    def _stay_out(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _stay_out


def compile_script(source: str, filename: str) -> types.CodeType:
    """A script as a module that leaves its value in ``__value__`` or raises a `TopLevelReturn`; SyntaxError."""
    tree = _Rewriter().visit(ast.parse(source, filename))
    if tree.body and isinstance(last := tree.body[-1], ast.Expr):
        tree.body[-1] = ast.Assign([ast.Name("__value__", ast.Store())], last.value)
    return compile(
        ast.fix_missing_locations(tree), filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
    )


def execute(source: str, names: dict[str, Any], filename: str = "<enclave>") -> Any:
    """Run a script in the namespace `names` and return its value; its exceptions come through."""
    code = compile_script(source, filename)
    names["__TopLevelReturn__"] = TopLevelReturn
    names["__value__"] = None
    try:
        result = eval(code, names)
        if code.co_flags & inspect.CO_COROUTINE:

            async def awaited() -> None:
                await result

            asyncio.run(awaited())
    except TopLevelReturn as end:
        return end.value
    return names["__value__"]


class Output(io.TextIOBase):
    """sys.stdout or sys.stderr: every write goes to a function."""

    def __init__(self, emit: Callable[[str], object]) -> None:
        self._emit = emit

    def write(self, text: str, /) -> int:
        self._emit(text)
        return len(text)

    def writable(self) -> bool:
        return True


def runtime(tools: Callable[[str, dict[str, Any]], object], stdout: Output) -> dict[str, Any]:
    """The names that a script finds in an enclave; `stdout` is what sys.stdout is at its start."""
    emit = stdout.write

    def print(  # noqa: A001 - the name that scripts use
        *values: object, sep: str = " ", end: str = "\n", file: Any = None, flush: bool = False
    ) -> None:
        text = sep.join([str(value) for value in values]) + end
        if file is None and sys.stdout is stdout:
            emit(text)
        else:
            (file or sys.stdout).write(text)

    def call_tool(name: str, args: dict[str, Any] | None = None, /) -> Any:
        if not isinstance(name, str):
            raise TypeError(f"call_tool() expects the tool's name as str, got {type(name).__name__}")
        try:
            return tools(name, {} if args is None else args)
        except Exception as error:  # noqa: BLE001 - a tool may raise anything
            raise ToolError(str(error), type(error).__name__) from None

    async def acall_tool(name: str, args: dict[str, Any] | None = None, /) -> Any:
        return call_tool(name, args)

    return {"print": print, "call_tool": call_tool, "acall_tool": acall_tool, "ToolError": ToolError}


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
        return f"{kind}:{value:#x}"
    if isinstance(value, _TIMES):
        return f"{kind}:{value.isoformat()}"
    return f"{kind}:{value!r}"
