"""A plain runner of scripts, as anybody would write it: what a script comes to in CPython without this package.

It follows the contract's rule for values (a top-level ``return``, else the last expression, top-level ``await``) and
gives scripts the names they find in an enclave, made the simple way: Python functions that close over what they call.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:  # the demonstration is no part of the package
    sys.path.append(ROOT)

from demo.plain import TopLevelReturn, canonical, compile_script  # noqa: E402

__all__ = ["Output", "ToolError", "canonical", "execute", "runtime"]


class ToolError(Exception):
    """Stands for the guest's ``ToolError``."""

    def __init__(self, message: str, name: str = "ToolError") -> None:
        super().__init__(message)
        self.name = name


def execute(source: str, names: dict[str, Any], filename: str = "<enclave>") -> Any:
    """Run a script in the namespace `names` and return its value; its exceptions come through."""
    code = compile_script(source, filename, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
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
