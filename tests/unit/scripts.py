"""What the tests of the language layer share: honest scripts, how a script is parsed, and a counter."""

import ast
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCRIPTS = sorted((Path(__file__).parents[2] / "demo" / "scripts").glob("*.py"))
FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def parsed(source: str) -> Any:
    return compile(source, "<script>", "exec", FLAGS, dont_inherit=True)


def indented(text: str) -> str:
    return "\n".join("    " + line for line in text.split("\n"))


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


class Counter:
    """A counter as the core's, but that it ends nothing."""

    def __init__(self) -> None:
        self.turns = 0

    def __call__(self) -> bool:
        self.turns += 1
        return True
