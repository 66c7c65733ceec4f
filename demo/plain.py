"""What a script is to plain CPython: its code, with a top-level ``return``, and a text for its value.

Much plainer than the package's own ways, and independent of them.
"""

from __future__ import annotations

import ast
import datetime
import types

_TIMES = (datetime.datetime, datetime.date, datetime.time)


class TopLevelReturn(BaseException):
    """Carries the value of a ``return`` outside functions."""

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


def compile_script(source: str, filename: str, flags: int = 0) -> types.CodeType:
    """A script as a module that leaves its value in ``__value__`` or in a `TopLevelReturn`; SyntaxError."""
    tree = _Rewriter().visit(ast.parse(source, filename))
    if tree.body and isinstance(last := tree.body[-1], ast.Expr):
        tree.body[-1] = ast.Assign([ast.Name("__value__", ast.Store())], last.value)
    return compile(ast.fix_missing_locations(tree), filename, "exec", flags, dont_inherit=True)


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
