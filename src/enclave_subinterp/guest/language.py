"""Checks a script's source before it runs, by the rules of rules.py.

It runs in the guest: a parser can be attacked, so the host never parses what a guest wrote.  Like bootstrap.py it is
part of the guest's runtime, behind rules.py; it can be imported as a module as well.

``check_source`` comes before the parser, ``check_tree`` after it, ``refusal`` makes the error of what they found.

New syntax is met by going through all fields of all nodes rather than by a list of places: every str in a node is an
identifier unless TEXT_FIELDS says otherwise, and a kind of node that NODE_KINDS does not name is refused.  The tree is
walked level by level, never by recursion, so that its depth costs nothing before it is known.

A ``while`` is *bounded* when its own text can make its test false: test or body bind or delete a name that the test
reads, store to an attribute or item of it, call it or a method of it, or pass it to a function that is not in PURE; or
the test awaits or yields; or it is a false constant. ``while todo: ... todo.pop()`` is, ``while True`` is not, with a
``break`` neither: the bound of such a loop is not to be seen, where ``for _ in range(limit)`` shows it. A loop that
passes may still be endless; the count of turns and the halt are for those.
"""

from __future__ import annotations

import _ast
import _tokenize  # type: ignore[import-not-found]

TYPE_CHECKING = False
if TYPE_CHECKING or "RULES" not in globals():  # in a slot it ran before
    from .rules import (
        BINDING_FIELDS,
        INVISIBLE,
        NODE_KINDS,
        PURE,
        REFLECTION,
        RULES,
        SUGGESTIONS,
        TEXT_FIELDS,
        Rules,
    )
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

# These are not evaluated, so that nothing is imported for them.
type Node = Any  # of a syntax tree; its fields are whatever its version has
type _Nodes = Iterable[Node]
type _Walk = Iterator[Node]
type _Names = Iterator[str]
type _Fields = dict[type[Any], tuple[str, ...]]
type _Field = dict[type[Any], str]
type _Refusal = tuple[str, dict[str, Any]]
# What is wrong, where and what to do: {"line", "column", "rule", "message", "suggestion"}, lines and columns from 1.
type Finding = dict[str, int | str]
# The same before it is put into words: line, offset in its UTF-8 bytes, rule, what was found there.
type _Raw = tuple[int, int, str, str]

MAX_FINDINGS = 20  # that are reported of a script

_MAX_SHOWN = 60  # characters of an identifier in a message
_NAME_TOKEN = 1  # token.NAME


def _checked_fields(kind: type[_ast.AST]) -> tuple[str, ...]:
    skipped = ("ctx", "type_comment")
    return tuple([f for f in kind._fields if f not in skipped and f"{kind.__name__}.{f}" not in TEXT_FIELDS])


_FIELDS: _Fields = {
    getattr(_ast, name): _checked_fields(getattr(_ast, name)) for name in NODE_KINDS if hasattr(_ast, name)
}
_BINDING: _Field = {getattr(_ast, name.partition(".")[0]): name.partition(".")[2] for name in BINDING_FIELDS}
_WITHHELD = {
    at.level: frozenset([builtin for builtin in SUGGESTIONS if builtin[0] != "_"]) - at.builtins
    for at in RULES.values()
}
# The characters of INVISIBLE that an ASCII text can have.
_CONTROLS = [chr(code) for low, high in INVISIBLE for code in range(low, high + 1) if code < 0x80]


# --- Before the parser -------------------------------------------------------------------------------------------


def check_source(source: str, rules: Rules) -> list[Finding]:
    """What is wrong with the text itself; at most MAX_FINDINGS."""
    if len(source) > rules.max_characters:
        return _findings(source, [(1, 0, "size", f"{len(source):,}")], rules)
    if not rules.plain_text:
        return []
    bad = [c for c in (_CONTROLS if source.isascii() else set(source)) if c in source and _is_invisible(c)]
    if not bad:
        return []
    text = _normalised(source)
    raw = []
    for character in bad:
        before = text[: text.index(character)]
        line = before.count("\n") + 1
        column = len(before.rpartition("\n")[2].encode("utf-8", "surrogatepass"))
        raw.append((line, column, "character", character))
    return _findings(source, raw, rules)


def _is_invisible(character: str) -> bool:
    code = ord(character)
    return any(low <= code <= high for low, high in INVISIBLE)


# --- After the parser --------------------------------------------------------------------------------------------


def check_tree(source: str, tree: Node, rules: Rules) -> list[Finding]:
    """What is wrong with a script that was parsed from that source; at most MAX_FINDINGS, in their order there."""
    raw = _walk(tree, rules)
    if rules.plain_text and not source.isascii():
        raw += _identifiers_beyond_ascii(source)
    return _findings(source, raw, rules)


def _walk(tree: Node, rules: Rules) -> list[_Raw]:
    raw: list[_Raw] = []
    dunders, hidden, bounded = rules.dunders, rules.hidden, rules.bounded_while
    withheld = _WITHHELD[rules.level]
    unbound = []  # uses of withheld builtins, unless the script means a name of its own

    def refuse(name: str, node: Node) -> None:
        """An identifier that may need to be refused; dotted in an import."""
        for part in name.split("."):
            if part in hidden:
                raw.append((*_place(node, part), "frame", part))
            elif dunders is not None and part not in dunders and _is_dunder(part):
                raw.append((*_place(node, part), "dunder", part))

    level = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > rules.max_depth:
            raw.append((*_place(next((n for n in level if hasattr(n, "lineno")), None), ""), "depth", ""))
            break
        below: list[Any] = []
        for node in level:
            kind = type(node)
            if kind is _ast.Name:
                name = node.id
                if name in hidden or "__" in name:
                    refuse(name, node)
                elif name in withheld and type(node.ctx) is _ast.Load:
                    unbound.append(node)
                continue
            fields = _FIELDS.get(kind)
            if fields is None:
                if node is not None:  # a gap in a list, such as the key of {**x}
                    raw.append((*_place(node, ""), "syntax", kind.__name__))
                continue
            for field in fields:
                value: Any = getattr(node, field, None)
                shape = type(value)
                if shape is list:
                    if value and type(value[0]) is str:
                        for name in value:
                            refuse(name, node)
                    else:
                        below += value
                elif shape is str:
                    if value in hidden or "__" in value:
                        refuse(value, node)
                elif shape in _FIELDS or isinstance(value, _ast.AST):
                    below.append(value)
            if kind is _ast.Call:
                if _called(node) in REFLECTION:
                    for argument in (*node.args, *[k.value for k in node.keywords]):
                        if type(argument) is _ast.Constant and type(argument.value) is str:
                            refuse(argument.value, argument)
            elif kind is _ast.While and bounded and not _is_bounded(node):
                raw.append((*_place(node, ""), "while", ""))
        level = below
    if unbound:
        bound = {name for node in _nodes([tree]) for name in _bindings(node)}
        if "*" not in bound:
            raw += [(*_place(n, n.id), "name", n.id) for n in unbound if n.id not in bound]
    return raw


def _is_dunder(name: str) -> bool:
    return name[:2] == "__" == name[-2:] and name.strip("_") != ""


def _place(node: Node, name: str) -> tuple[int, int]:
    """Line and byte offset of a node; of an attribute, where its name begins."""
    if type(node) is _ast.Attribute and name == node.attr:
        return node.end_lineno or 1, max(0, (node.end_col_offset or 0) - len(name.encode()))
    return getattr(node, "lineno", 1), getattr(node, "col_offset", 0)


def _called(call: Node) -> str | None:
    """The name of the function or method that is called."""
    function = call.func
    if type(function) is _ast.Name:
        return function.id
    return function.attr if type(function) is _ast.Attribute else None


def _nodes(start: _Nodes) -> _Walk:
    """These nodes and all below, but for a name that is only annotated: nothing comes to be of it."""
    level = [node for node in start if node is not None]
    while level:
        below: list[Any] = []
        for node in level:
            yield node
            bare = type(node) is _ast.AnnAssign and node.value is None and type(node.target) is _ast.Name
            for field in _FIELDS.get(type(node), ()):
                value = getattr(node, field, None)
                if type(value) is list:
                    below += [item for item in value if isinstance(item, _ast.AST)]
                elif isinstance(value, _ast.AST) and not (bare and field == "target"):
                    below.append(value)
        level = below


def _bindings(node: Node) -> _Names:
    """The names that this node binds or may bind."""
    kind = type(node)
    if kind is _ast.Name:
        if type(node.ctx) is _ast.Store:
            yield node.id
    elif kind is _ast.alias:
        yield node.asname or node.name.partition(".")[0]
    elif kind in _BINDING:
        name = getattr(node, _BINDING[kind])
        if name is not None:
            yield name


def _is_bounded(loop: Node) -> bool:
    test = loop.test
    if type(test) is _ast.Constant:
        return not test.value
    read = set()
    for node in _nodes([test]):
        if type(node) in (_ast.Await, _ast.Yield, _ast.YieldFrom):
            return True
        if type(node) is _ast.Name:
            read.add(node.id)
    return any(_changes(node, read) for node in _nodes([test, *loop.body]))


def _changes(node: Node, names: set[str]) -> bool:
    """It binds or deletes one of the names, or may change what one of them stands for."""
    kind = type(node)
    if kind is _ast.Call:
        function = node.func
        if type(function) is _ast.Name and function.id in PURE:
            return False
        used = (function, *node.args, *[k.value for k in node.keywords])
        return any(_root(expression) in names for expression in used)
    if kind is _ast.Attribute or kind is _ast.Subscript:
        return type(node.ctx) is not _ast.Load and _root(node) in names
    if kind is _ast.Name and type(node.ctx) is _ast.Del:
        return node.id in names
    return any(name in names for name in _bindings(node))


def _root(expression: Node) -> str | None:
    """``a`` of ``a.b[c].d`` and of ``*a``."""
    while type(expression) in (_ast.Attribute, _ast.Subscript, _ast.Starred):
        expression = expression.value
    return expression.id if type(expression) is _ast.Name else None


def _identifiers_beyond_ascii(source: str) -> list[_Raw]:
    """As they are written: the parser has brought them into a form in which they may look harmless."""
    lines = [line + "\n" for line in _normalised(source).split("\n")]
    raw = []
    for number, text, start, _end, _line in _tokenize.TokenizerIter(iter(lines).__next__, extra_tokens=False):
        if number == _NAME_TOKEN and not text.isascii():
            line, column = start
            before = lines[line - 1][:column]
            raw.append((line, len(before.encode("utf-8", "surrogatepass")), "identifier", text))
    return raw


# --- In words ----------------------------------------------------------------------------------------------------


def _normalised(source: str) -> str:
    """With the line ends that the parser sees."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _findings(source: str, raw: list[_Raw], rules: Rules) -> list[Finding]:
    if not raw:
        return []
    raw.sort()
    lines = _normalised(source).split("\n")
    found = []
    for line, offset, rule, what in raw[:MAX_FINDINGS]:
        before = lines[line - 1].encode("utf-8", "surrogatepass")[:offset]
        message, suggestion = _words_for(rule, what, rules)
        finding: Finding = {
            "line": line,
            "column": len(before.decode("utf-8", "replace")) + 1,
            "rule": rule,
            "message": message,
            "suggestion": suggestion,
        }
        found.append(finding)
    return found


def _words_for(rule: str, what: str, rules: Rules) -> tuple[str, str]:
    level = rules.level
    shown = what if len(what) <= _MAX_SHOWN else what[:_MAX_SHOWN] + "..."
    if rule == "size":
        most = f"at most {rules.max_characters:,} at security level {level}"
        return f"the script has {shown} characters, {most}", "pass data through the run's globals"
    if rule == "character":
        code = ord(what)
        message = f"the source contains U+{code:04X}, which is not to be seen, at security level {level}"
        escape = (
            f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
        )
        return message, f"remove it, or write it as {escape} in a string"
    if rule == "identifier":
        return f"the identifier '{shown}' is not ASCII, at security level {level}", "use a to z, 0 to 9 and _"
    if rule == "syntax":
        return f"the syntax {shown} is not known here", "write it in an older way"
    if rule == "depth":
        message = f"the script is nested deeper than {rules.max_depth} levels, at security level {level}"
        return message, "split long expressions and chains of elif, or use a table or a loop"
    if rule == "while":
        message = f"the test of this `while` never changes in it, at security level {level}"
        return message, "use `for _ in range(limit):` with a `break`, or change in it what its test reads"
    suggestion = SUGGESTIONS.get(what) or "remove it: use names and attributes of your own"
    if rule == "name":
        return f"`{shown}` is not to be had at security level {level}", suggestion
    return f"`{shown}` may not be written at security level {level}", suggestion


def refusal(findings: list[Finding]) -> _Refusal:
    """The message and the data of a VALIDATION_ERROR: the first finding, and all of them in ``data["findings"]``."""
    first = findings[0]
    message = f"line {first['line']}, column {first['column']}: {first['message']}; {first['suggestion']}"
    others = len(findings) - 1
    if others:
        message += f" (and {others} more)"
    data: dict[str, Any] = {key: first[key] for key in ("line", "column", "rule", "suggestion")}
    data["findings"] = findings
    return message, data
