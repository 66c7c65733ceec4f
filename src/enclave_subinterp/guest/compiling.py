"""From the source of a script to its code: statements, and the expression whose value is the script's.

Like bootstrap.py it is part of the guest's runtime, behind those of language.py and turns.py; it can be imported as a
module as well.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any
if TYPE_CHECKING or "RULES" not in globals():  # in a slot these ran before
    from .language import check_source, check_tree, refusal
    from .rules import RULES, Rules
    from .turns import count_turns

# These are not evaluated, so that nothing is imported for them.
type _Parsed = Any
type _Compiled = CodeType
type _CompiledScript = tuple[CodeType, CodeType | None]
type _Scope = dict[str, Any]
type _Checks = Rules | None

_ONLY_AST = 0x0400  # ast.PyCF_ONLY_AST
_TOP_LEVEL_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_CO_COROUTINE = 0x0080
_CO_GENERATOR = 0x0020
_CO_ASYNC_GENERATOR = 0x0200


class RefusedError(Exception):
    """A script that is not run; the arguments are the message and the data of its error."""


def rules_at(level: str) -> Rules:
    """The rules of a security level."""
    return RULES[level]


def compile_script(source: str, filename: str, rules: _Checks, count: bool) -> _CompiledScript:
    """(statements, expression or None): two code objects whose second gives the value of the script.

    It is checked by the rules, if there are any.  With `count` its loops count; ``bind_counter`` is still to come.

    Raises:
        RefusedError: the rules refuse it.
        SyntaxError: it is no Python.
    """
    try:
        tree = _parse(source, filename, rules)
        if count:
            count_turns(tree)
        return _compile_tree(tree, filename)
    except (MemoryError, RecursionError):
        raise RefusedError("the script is nested too deeply", {"line": None, "column": None}) from None


def is_awaited(code: _Compiled, expression: _Compiled | None) -> bool:
    """Whether the script awaits at its top level, so that it needs an event loop."""
    flags = code.co_flags | (expression.co_flags if expression is not None else 0)
    return bool(flags & _CO_COROUTINE)


def evaluate(code: _Compiled, expression: _Compiled | None, namespace: _Scope) -> object:
    """Run a script that awaits nothing; its value."""
    value = eval(code, namespace)
    return value if expression is None else eval(expression, namespace)


async def evaluate_awaited(code: _Compiled, expression: _Compiled | None, namespace: _Scope) -> object:
    """Run a script that awaits; its value."""
    value = eval(code, namespace)
    if code.co_flags & _CO_COROUTINE:
        value = await value
    if expression is not None:
        value = eval(expression, namespace)
        if expression.co_flags & _CO_COROUTINE:
            value = await value
    return value


def _parse(source: str, filename: str, rules: _Checks) -> _Parsed:
    if rules is not None and (found := check_source(source, rules)):
        raise RefusedError(*refusal(found))
    tree = compile(source, filename, "exec", _ONLY_AST | _TOP_LEVEL_AWAIT, dont_inherit=True)
    if rules is not None and (found := check_tree(source, tree, rules)):
        raise RefusedError(*refusal(found))
    return tree


def _compile_tree(tree: _Parsed, filename: str) -> _CompiledScript:
    import _ast

    last = None
    if tree.body and type(tree.body[-1]) is _ast.Expr:
        last = _ast.Expression(tree.body.pop().value)
    try:
        body = compile(tree, filename, "exec", _TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        if "'return' outside function" not in str(error):
            raise
        if last is not None:
            tree.body.append(_ast.Expr(last.body, lineno=last.body.lineno, col_offset=last.body.col_offset))
        return _compile_with_return(_ast, tree, filename), None
    if last is not None:
        last = compile(last, filename, "eval", _TOP_LEVEL_AWAIT, dont_inherit=True)
    return body, last


def _compile_with_return(_ast: _Parsed, tree: _Parsed, filename: str) -> _Compiled:
    """A script with a top-level ``return``: a function whose names are all global."""
    where = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
    for node in tree.body:  # a variable's annotation cannot stand beside its global declaration
        if type(node) is _ast.AnnAssign and node.simple:
            node.simple = 0
    none: dict[str, list[Any]] = {
        "args": [],
        "posonlyargs": [],
        "kwonlyargs": [],
        "kw_defaults": [],
        "defaults": [],
    }

    def wrap(body: _Parsed) -> _Compiled:
        kind = _ast.AsyncFunctionDef if awaits else _ast.FunctionDef
        function = kind("<module>", _ast.arguments(**none), body or [_ast.Pass(**where)], [], **where)
        if "type_params" in kind._fields:
            function.type_params = []
        module = _ast.Module([function], [])
        code = compile(module, filename, "exec", dont_inherit=True)
        own_code: CodeType = next(c for c in code.co_consts if hasattr(c, "co_code"))
        return own_code

    awaits = False
    try:
        code = wrap(tree.body)
    except SyntaxError as error:
        awaits = True
        try:
            code = wrap(tree.body)
        except SyntaxError:
            raise error from None
    names = sorted({*code.co_varnames, *code.co_cellvars})
    if names:
        code = wrap([_ast.Global(names, **where), *tree.body])
    if code.co_flags & (_CO_GENERATOR | _CO_ASYNC_GENERATOR):
        raise SyntaxError("'yield' outside function", (filename, 1, 1, None))
    return code
