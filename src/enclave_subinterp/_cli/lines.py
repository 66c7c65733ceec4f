"""Where one input of `enclave repl` ends and the next begins."""

from __future__ import annotations

import ast
import re
import warnings
from codeop import CommandCompiler
from typing import Final

__all__ = ["Inputs", "is_whole"]

# What goes on with a statement although it stands at the margin.
_CONTINUES: Final = re.compile(r"(else|elif|except|finally)\b|[)\]}#]")

_compiler = CommandCompiler()
_compiler.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def is_whole(source: str) -> bool:
    """Whether nothing need follow; what is no Python is whole too, for the enclave to say so."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _compiler(source, "<input>", "single") is not None
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return True


class Inputs:
    """Lines, put together to inputs: a block ends with an empty line, or with what cannot belong to it."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    @property
    def pending(self) -> bool:
        """Whether an input has begun."""
        return bool(self._lines)

    def feed(self, line: str) -> list[str]:
        """Add a line; the inputs that are whole with it."""
        ready = []
        margin = line.strip() and not line[0].isspace()
        if self._lines and margin and not _CONTINUES.match(line) and is_whole("\n".join([*self._lines, ""])):
            ready += self.rest()
        if line.strip() or self._lines:
            self._lines.append(line)
        if self._lines and is_whole("\n".join(self._lines)):
            ready += self.rest()
        return ready

    def rest(self) -> list[str]:
        """What has begun, as it is; for the end of the input."""
        source, self._lines = "\n".join(self._lines), []
        return [source] if source.strip() else []
