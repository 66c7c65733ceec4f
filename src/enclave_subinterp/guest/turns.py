"""Makes a script count the turns of its loops, for ``max_iterations``.

Like bootstrap.py it is part of the guest's runtime; it can be imported as a module as well.

A *turn* is one entry into the body of a ``for``, ``async for`` or ``while``, and one item of a ``for`` clause in a
comprehension or generator expression of any kind.  ``count_turns`` puts a call at the beginning of each loop's body,
and as the first condition behind each clause, where the counter's answer, True, lets the item pass.  Nothing else of
the script changes: not the order of evaluation, not the bytecode of iteration, not the place of any line.

What is called must be out of the script's reach, or the script would exchange it: a name, however odd, could be bound
in ``globals()``, in builtins or by the namespace of a metaclass.  So it is a constant.  The parser makes no tuple with
a frozenset in it, and neither does the compiler's folding: such a constant stands for the counter until the code is
compiled, and ``bind_counter`` then puts the counter itself among the constants.  A turn costs LOAD_CONST and CALL.

What is compiled by the script itself, from a string, is not counted, nor is what loops in C or in a library.
"""

from __future__ import annotations

import _ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

# These are not evaluated, so that nothing is imported for them.
type _Tree = Any
type _Code = CodeType

_STAND_IN = (frozenset(("<turn>",)),)
_ANNOTATIONS = ("annotation", "returns")
_LOOPS = frozenset((_ast.For, _ast.AsyncFor, _ast.While, _ast.comprehension))
# Where there may be nodes below a node, of every kind that has any.
_BELOW = {
    kind: tuple([field for field in kind._fields if field != "ctx"])
    for kind in vars(_ast).values()
    if isinstance(kind, type) and issubclass(kind, _ast.AST) and kind not in (_ast.Name, _ast.Constant)
}


def count_turns(tree: _Tree) -> int:
    """Make the loops of a script's tree (a Module) count, in place; returns how many there are.

    What is compiled from it does not run before ``bind_counter``.
    """
    skipped: tuple[str, ...] = ()
    for statement in tree.body:
        if (
            type(statement) is _ast.ImportFrom
            and statement.module == "__future__"
            and any(alias.name == "annotations" for alias in statement.names)
        ):
            skipped = _ANNOTATIONS  # they become strings, and are not run
    level: list[Any] = [tree]
    loops = []
    while level:
        below: list[Any] = []
        for node in level:
            kind = type(node)
            if kind in _LOOPS:
                loops.append(node)
            for field in _BELOW.get(kind, ()):
                value = getattr(node, field, None)
                if type(value) is list:
                    below += value
                elif isinstance(value, _ast.AST) and field not in skipped:
                    below.append(value)
        level = below
    for loop in loops:
        kind = type(loop)
        if kind is _ast.comprehension:
            loop.ifs.insert(0, _call_at(loop.target))
        else:
            at = loop.test if kind is _ast.While else loop.target
            loop.body.insert(0, _ast.Expr(_call_at(at), **_where(at)))
    return len(loops)


def _where(node: _Tree) -> dict[str, int]:
    return {
        "lineno": node.lineno,
        "col_offset": node.col_offset,
        "end_lineno": node.end_lineno,
        "end_col_offset": node.end_col_offset,
    }


def _call_at(node: _Tree) -> _Tree:
    """A call of the counter that belongs to the place of *node*, which has just been evaluated or bound."""
    where: Any = _where(node)
    # The compiler warns of a constant that is called, and not of a choice; the choice it makes itself.
    stand_in: Any = _STAND_IN
    chosen = _ast.Constant(stand_in, **where)
    counter = _ast.IfExp(_ast.Constant(True, **where), chosen, _ast.Constant(None, **where), **where)
    return _ast.Call(counter, [], [], **where)


def bind_counter(code: _Code, counter: object) -> _Code:
    """The code with the counter, a callable without arguments that returns True, in the place of its stand-in."""
    constants: list[object] = []
    changed = False
    for constant in code.co_consts:
        kind = type(constant)
        bound: object = constant
        if kind is tuple and constant == _STAND_IN:
            bound = counter
        elif kind is type(code):
            bound = bind_counter(constant, counter)
        changed = changed or bound is not constant
        constants.append(bound)
    return code.replace(co_consts=tuple(constants)) if changed else code
