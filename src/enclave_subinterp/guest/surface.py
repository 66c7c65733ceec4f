"""What a script finds beside the language: print() and the standard streams, call_tool(), acall_tool() and ToolError.

Like bootstrap.py it is part of the guest's runtime, behind that of reporting.py; it can be imported as a module as
well.  What it is made for comes in as functions: `emit`, `post` and `take`, as in _enclave.pyi.
"""

from __future__ import annotations

import io

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any
if TYPE_CHECKING or "TOO_LARGE" not in globals():  # in a slot it ran before
    from .reporting import TOO_LARGE

# These are not evaluated, so that nothing is imported for them.
type _Anything = Any
type _Emit = Callable[[int, str], object]
type _Function = Callable[..., Any]
type _Post = Callable[[str, Any], int | tuple[str, str]]
type _Take = Callable[[int, None], tuple[int, bool, Any]]
type _Awaited = Callable[[int], Awaitable[tuple[bool, Any]] | None]


class ToolError(Exception):
    """A tool failed, is not known, or was called wrongly."""

    def __init__(self, message: str, name: str = "ToolError") -> None:
        super().__init__(message)
        self.name = name


ToolError.__module__ = "builtins"


def make_output(emit: _Emit, number: int, called: str) -> io.TextIOBase:
    """sys.stdout or sys.stderr: every write is one message to the host."""

    class Output(io.TextIOBase):  # here, so that scripts do not find `emit` in an instance
        encoding = "utf-8"
        errors = "backslashreplace"
        name = called

        def write(self, text: str, /) -> int:
            emit(number, text)
            return len(text)

        def writable(self) -> bool:
            return True

        def __repr__(self) -> str:
            return f"<{self.name} of the enclave>"

    return Output()


def make_print(emit: _Emit, system: _Anything, stdout: _Anything, plain_print: _Function) -> _Function:
    """print() for a script whose `sys` is `system` and whose standard output begins as `stdout`."""

    def print(
        *values: object,
        sep: _Anything = " ",
        end: _Anything = "\n",
        file: _Anything = None,
        flush: bool = False,
    ) -> None:
        """Print the values to sys.stdout; one call is one message."""
        if file is not None or system.stdout is not stdout:
            file = system.stdout if file is None else file
            if file is not None:
                plain_print(*values, sep=sep, end=end, file=file, flush=flush)
            return
        if sep is None:
            sep = " "
        elif not isinstance(sep, str):
            raise TypeError(f"sep must be None or a string, not {type(sep).__name__}")
        if end is None:
            end = "\n"
        elif not isinstance(end, str):
            raise TypeError(f"end must be None or a string, not {type(end).__name__}")
        emit(1, sep.join([str(v) for v in values]) + end)

    return _as_builtin(print)


def make_tools(post: _Post, take: _Take, awaited: _Awaited) -> tuple[_Function, _Function]:
    """call_tool() and acall_tool(); `awaited` gives what to await for an answer, None where there is no loop."""

    def begin(function: str, name: _Anything, args: _Anything) -> int:
        if not isinstance(name, str):
            raise TypeError(f"{function}() expects the tool's name as str, got {type(name).__name__}")
        if args is None:
            args = {}
        if not isinstance(args, dict):
            raise TypeError(f"{function}() expects the arguments as dict, got {type(args).__name__}")
        posted = post(name, args)
        if isinstance(posted, int):
            return posted
        why, message = posted
        if why == "name":
            raise ToolError(message, "ValueError")
        kind = TOO_LARGE if why == "size" else "TypeError"
        raise ToolError(f"the arguments of {name!r} cannot cross: {message}", kind)

    def value_of(ok: bool, value: _Anything) -> _Anything:
        if ok:
            return value
        kind, message = value
        raise ToolError(message, kind)

    def call_tool(name: _Anything, args: _Anything = None, /) -> _Anything:
        """Have the host's tool of that name called with a dict of arguments; its value, or ToolError."""
        _, ok, value = take(begin("call_tool", name, args), None)
        return value_of(ok, value)

    async def acall_tool(name: _Anything, args: _Anything = None, /) -> _Anything:
        """call_tool() for coroutines: several may be under way at once."""
        call_id = begin("acall_tool", name, args)
        answer = awaited(call_id)
        if answer is None:  # driven by hand, or by a loop that knows nothing of tools
            _, ok, value = take(call_id, None)
        else:
            ok, value = await answer
        return value_of(ok, value)

    return _as_builtin(call_tool), _as_builtin(acall_tool)


def _as_builtin(function: _Function) -> _Function:
    function.__module__ = "builtins"
    function.__qualname__ = function.__name__
    return function
