"""What CPython makes of a script: the oracle of sources.py, which goes by code objects and not by the check's tree."""

from __future__ import annotations

import ast
import dis
import types
from collections.abc import Iterator

from enclave_subinterp.guest import rules

# What the compiler itself puts among the names of a class's or an annotated module's code.
BY_THE_COMPILER = {
    "__name__", "__module__", "__qualname__", "__doc__", "__annotations__", "__static_attributes__", "__firstlineno__",
    "__classcell__", "__classdictcell__", "__classdict__", "__conditional_annotations__", "__annotate__",
    "__annotate_func__", "__type_params__", "__build_class__", "__import__", "__debug__",
}  # fmt: skip
READS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
WRITES = {"STORE_NAME", "STORE_GLOBAL"}
_TEXTS = tuple(getattr(ast, kind) for kind in ("JoinedStr", "TemplateStr") if hasattr(ast, kind))
_FIELDS = tuple(getattr(ast, kind) for kind in ("FormattedValue", "Interpolation") if hasattr(ast, kind))


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """This code and all that is in it."""
    waiting = [code]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [constant for constant in one.co_consts if isinstance(constant, types.CodeType)]


def refused_names(code: types.CodeType, at: rules.Rules) -> set[str]:
    """What stands in the code and may not be written at that level, whatever it means."""
    found: set[str] = set()
    for one in codes(code):
        written = {*one.co_names, *one.co_varnames}
        parts = {part for name in written for part in name.split(".")}
        found |= parts & at.hidden
        if at.dunders is not None:
            dunders = {part for part in parts if part[:2] == part[-2:] == "__" and part.strip("_")}
            found |= dunders - at.dunders - BY_THE_COMPILER
        if at.plain_text:
            found |= {name for name in written if not name.isascii()}
    return found


def withheld_builtins(code: types.CodeType, revived: types.CodeType, at: rules.Rules) -> set[str]:
    """Builtins that the level withholds and the code reads, where nothing in it, dead or alive, binds the name."""
    withheld = {name for name in rules.SUGGESTIONS if name[0] != "_"} - at.builtins
    read = {
        step.argval for one in codes(code) for step in dis.get_instructions(one) if step.opname in READS
    } & withheld
    for one in codes(revived) if read else ():
        read -= {*one.co_varnames, *one.co_cellvars}
        for step in dis.get_instructions(one):
            if step.opname in WRITES:
                read.discard(step.argval)
            if step.opname == "CALL_INTRINSIC_1" and "STAR" in step.argrepr.upper():
                return set()  # an import of everything may bind anything
    return read


def revive(tree: ast.Module) -> None:
    """Change it, in place, so that the compiler finds nothing in it that it could leave out.

    What stands behind a raise or under a constant that is false is no code, but binds its names to whoever reads it.
    """
    for node in list(ast.walk(tree)):  # not a NodeTransformer: it would recurse as deep as the tree
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                value[:] = [_revived(node, item) for item in value]
            elif isinstance(value, ast.AST):
                setattr(node, field, _revived(node, value))


def _revived(parent: ast.AST, node: ast.AST) -> ast.AST:
    if isinstance(parent, (ast.MatchValue, ast.MatchMapping)):  # a literal or an attribute, nothing else
        if not isinstance(node, ast.expr):
            return node
        return ast.copy_location(ast.Attribute(_unknown(node), "unknown", ast.Load()), node)
    if isinstance(node, ast.Constant):
        return node if isinstance(parent, (ast.Expr, *_TEXTS)) else _unknown(node)
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and not node.elts:
        return _unknown(node)
    if isinstance(node, _TEXTS) and not isinstance(parent, _FIELDS):
        return node if any(not isinstance(item, ast.Constant) for item in node.values) else _unknown(node)
    if isinstance(node, ast.Name):
        return _unknown(node) if node.id == "__debug__" else node
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":  # it would leave all annotations out
        return ast.copy_location(ast.ImportFrom("unknown", node.names, 0), node)
    if isinstance(node, ast.AnnAssign):
        return _annotated(node)
    if isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
        return _statement([value for _, value in ast.iter_fields(node) if value is not None], node)
    return node


def _annotated(node: ast.AnnAssign) -> ast.AST:
    """With its annotation evaluated, which those of local variables are not."""
    if node.value is not None:
        both = ast.copy_location(ast.Tuple([node.annotation, node.value], ast.Load()), node)
        return ast.copy_location(ast.Assign([node.target], both), node)
    if isinstance(node.target, ast.Name):
        return _statement([node.annotation], node)
    node.target.ctx = ast.Load()
    return _statement([node.annotation, node.target], node)


def _statement(values: list[ast.expr], node: ast.AST) -> ast.AST:
    """One that evaluates these."""
    if not values:
        return ast.copy_location(ast.Pass(), node)
    return ast.copy_location(ast.Expr(ast.copy_location(ast.Tuple(values, ast.Load()), node)), node)


def _unknown(node: ast.AST) -> ast.Name:
    return ast.copy_location(ast.Name("unknown", ast.Load()), node)
