"""Fuzzes the source check and the codec: ``python sources.py SECONDS SEED LAST`` (see hammer.py).

The oracle of the check goes by what CPython compiled, never by the tree that the check has seen: an accepted script's
code has no name in it that its level refuses and reads no builtin that the level withholds (compiled.py).
"""

from __future__ import annotations

import ast
import keyword
import sys
import time
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parent))

from compiled import refused_names, revive, withheld_builtins
from hammer import Last, hammer
from shape import shape

from enclave_subinterp import Enclave, ErrorCode, _native, _values
from enclave_subinterp.guest import language, rules, turns

TESTS = Path(__file__).resolve().parent.parent
LEVELS = ("STRICT", "SECURE", "STANDARD", "PERMISSIVE")
AWAITED = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
FLAGS = ast.PyCF_ONLY_AST | AWAITED
SLOW = 5.0  # seconds that no check of a text as short as these may take


def _words(text: str) -> list[str]:
    return text.split()


WORDS = [
    *keyword.kwlist, *keyword.softkwlist, *rules.SUGGESTIONS, "gi_frame", "f_globals", "tb_frame", "mro", "__globals__",
    "__subclasses__", "__code__", "__closure__", "__builtins__", "__loader__", "x", "self", "_", "__", "____", "__x",
    "\u017fuper", "__cla\u017fs__", "\uff45val", "g\u0131_frame", "0", "1_0", "0x", "1e9", "1j", "'s'", "b's'",
    "f'{x}'", "f'{x.__class__!r:>{y}}'", "'''", '"', "#", "\\", "\n", "\n  ", "\n\t", "\r", "\x0c", "\x00", "\u200b",
    "\ufeff", "(", ")", "[", "]", "{", "}", ":", ",", ";", ".", "->", ":=", "=", "==", "+", "-", "*", "**", "@", "...",
    "|", "~", "<", ">>=", "!", "getattr", "print", "type", "operator", "call_tool",
]  # fmt: skip
CORPUS = [path.read_text(encoding="utf-8") for path in sorted((TESTS / "benign").glob("*.py"))]

# --- Texts -------------------------------------------------------------------------------------------------------

names = st.sampled_from([word for word in WORDS if word.isidentifier() and not keyword.iskeyword(word)])
leaves = names | st.sampled_from(["1", "'a'", "None", "b''", "...", "1.5", "f'{x}'", "True"])


def _recursive(
    base: st.SearchStrategy[str],
    extend: Callable[[st.SearchStrategy[str]], st.SearchStrategy[str]],
    max_leaves: int,
) -> st.SearchStrategy[str]:
    """st.recursive() of strategies that do not spell each other out: hypothesis would, in megabytes, as it shrinks."""
    return st.recursive(base, lambda inner: extend(st.none().flatmap(lambda _: inner)), max_leaves=max_leaves)


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, names).map(lambda p: f"({p[0]}).{p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]})({p[1]})"),
        st.tuples(inner, names, inner).map(lambda p: f"({p[0]})({p[1]}={p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(inner, st.sampled_from(["+", "and", "is not", "in", "@", "**"]), inner).map(
            lambda p: f"({p[0]} {p[1]} {p[2]})"
        ),
        st.tuples(names, inner).map(lambda p: f"({p[0]} := {p[1]})"),
        st.tuples(names, inner).map(lambda p: f"(lambda {p[0]}: {p[1]})"),
        st.tuples(inner, names, inner).map(lambda p: f"[{p[0]} for {p[1]} in {p[2]}]"),
        st.tuples(inner, names).map(lambda p: f"f'{{{p[0]}.{p[1]}}}'" if "'" not in p[0] else p[0]),
        st.tuples(inner, st.sampled_from(sorted(rules.REFLECTION)), names).map(
            lambda p: f"{p[1]}({p[0]}, '{p[2]}')"
        ),
        inner.map(lambda p: f"(await {p})"),
        inner.map(lambda p: f"(yield {p})"),
    )


expressions = _recursive(leaves, _deeper, max_leaves=8)


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines()) or "    pass\n"


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(expressions, inner).map(lambda p: f"while {p[0]}:\n{_indented(p[1])}"),
        st.tuples(names, expressions, inner).map(lambda p: f"for {p[0]} in {p[1]}:\n{_indented(p[2])}"),
        st.tuples(names, names, inner).map(lambda p: f"def {p[0]}({p[1]}):\n{_indented(p[2])}"),
        st.tuples(names, names, inner).map(lambda p: f"async def {p[0]}(*, {p[1]}):\n{_indented(p[2])}"),
        st.tuples(names, names, expressions, inner).map(
            lambda p: f"class {p[0]}({p[1]}={p[2]}):\n{_indented(p[3])}"
        ),
        st.tuples(inner, names, inner).map(
            lambda p: f"try:\n{_indented(p[0])}except x as {p[1]}:\n{_indented(p[2])}"
        ),
        st.tuples(expressions, names, names, names, inner).map(
            lambda p: f"match {p[0]}:\n    case {p[1]}({p[2]}={p[3]}):\n{_indented(_indented(p[4]))}"
        ),
        st.tuples(names, names, inner).map(lambda p: f"def {p[0]}[{p[1]}]():\n{_indented(p[2])}"),
        st.tuples(inner, inner).map("\n".join),
    )


simple = st.one_of(
    expressions,
    st.tuples(names, expressions).map(lambda p: f"{p[0]} = {p[1]}"),
    st.tuples(names, names, expressions).map(lambda p: f"{p[0]}.{p[1]} = {p[2]}"),
    st.tuples(names, expressions).map(lambda p: f"{p[0]}: {p[1]}"),
    st.tuples(names, names).map(lambda p: f"import {p[0]} as {p[1]}"),
    st.tuples(names, names, names).map(lambda p: f"from {p[0]} import {p[1]} as {p[2]}"),
    names.map(lambda p: f"global {p}"),
    names.map(lambda p: f"del {p}"),
    expressions.map(lambda p: f"return {p}"),
    st.tuples(names, expressions).map(lambda p: f"type {p[0]} = {p[1]}"),
    st.sampled_from(["break", "continue", "pass", "from x import *", "raise"]),
)
programs = _recursive(simple, _blocks, max_leaves=6)
soups = st.lists(st.sampled_from(WORDS), max_size=30).flatmap(
    lambda words: st.sampled_from([" ", ""]).map(lambda between: between.join(words))
)
# A corpus by its numbers: hypothesis spells out what sampled_from() is given.
splices = st.tuples(
    st.integers(0, len(CORPUS) - 1).map(lambda number: CORPUS[number]),
    st.integers(0, 10_000),
    st.integers(0, 40),
    st.sampled_from(WORDS),
).map(lambda p: p[0][: p[1] % (len(p[0]) + 1)] + p[3] + p[0][p[1] % (len(p[0]) + 1) + p[2] :])
deep = st.tuples(
    st.sampled_from(["(", "[", "-", "not ", "x.", "x+", "x if x else ", "lambda:", "f(", "{1:", "if x:\n "]),
    st.integers(1, 4000),
).map(lambda p: p[0] * p[1] + "x")
texts = st.one_of(st.text(max_size=60), soups, splices, deep, programs)

# --- The check ---------------------------------------------------------------------------------------------------


def check_text(source: str) -> None:
    """Of any text: the check accepts, or says what is wrong and where; what it accepts is as the level wants it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(source, "<fuzz>", "exec", FLAGS, dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        tree = None
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for level in LEVELS:
        at = rules.RULES[level]
        start = time.perf_counter()
        found = language.check_source(source, at)
        if not found and tree is not None:
            found = language.check_tree(source, tree, at)
        assert time.perf_counter() - start < SLOW, f"{level}: the check took too long"
        for finding in found:
            line, column = finding["line"], finding["column"]
            assert isinstance(line, int), finding
            assert isinstance(column, int), finding
            assert 1 <= line <= len(lines), (level, finding, len(lines))
            assert 1 <= column <= len(lines[line - 1]) + 1, (level, finding)
        assert len(found) <= language.MAX_FINDINGS
        if found:
            message, data = language.refusal(found)
            assert isinstance(message, str)
            assert data["line"]
        elif tree is not None:
            accepted(source, level)


def _all_alive(tree: ast.Module) -> types.CodeType | None:
    """The code of it with all that the compiler would leave out; None where that is none."""
    revive(tree)
    try:
        return compile(tree, "<fuzz>", "exec", AWAITED, dont_inherit=True)
    except (MemoryError, RecursionError):  # it is a level deeper than the script itself
        return None
    except SyntaxError as error:  # before 3.14 what is never compiled may await where nothing may
        if "outside" not in str(error):
            raise
        return None


def accepted(source: str, level: str) -> None:
    """A script that the check has let through."""
    at = rules.RULES[level]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree, counted, revived = (
                compile(source, "<fuzz>", "exec", FLAGS, dont_inherit=True) for _ in range(3)
            )
            turns.count_turns(counted)
            code, counting = (
                compile(kind, "<fuzz>", "exec", AWAITED, dont_inherit=True) for kind in (tree, counted)
            )
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return
        alive = _all_alive(revived)
    turns.bind_counter(counting, lambda: True)
    refused = refused_names(code, at)
    if alive is not None:
        refused |= withheld_builtins(code, alive, at)
    assert not refused, (level, refused)
    if at.bounded_while:
        for node in ast.walk(tree):
            endless = isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and node.test.value
            assert not endless, (level, "an endless while was let through")


# --- The codec ---------------------------------------------------------------------------------------------------

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=20)
    | st.dates() | st.times() | st.datetimes() | st.timedeltas() | st.uuids() | st.decimals(allow_nan=False)
    | st.integers(-(2**2000), 2**2000) | st.text(st.characters(), max_size=5)
)  # fmt: skip
hashable = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.frozensets(inner, max_size=4),
    max_leaves=6,
)
values = st.recursive(
    hashable | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(hashable, inner, max_size=5)
        | st.sets(hashable, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
    ),
    max_leaves=25,
)
# What cannot cross, now and then inside of what can.
others = st.sampled_from(
    [object(), int, len, 1j, range(3), iter(()), Exception("x"), types.SimpleNamespace(a=1)]
)
mixed = st.recursive(
    values | others, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, values), max_leaves=8
)


def round_trip(value: object) -> None:
    """Whatever is encoded comes back equal, and what is not was refused with its reason."""
    try:
        data = _native.encode(value)
    except _native.EncodeError as error:
        if error.reason not in {"type", "depth", "size", "value", "surrogate", "cycle"}:
            raise AssertionError(error.reason) from error
        return
    assert shape(_native.decode(data)) == shape(value)


def decode_bytes(data: bytes) -> None:
    """Bytes that nobody made are decoded or refused; what they come to can be encoded again."""
    try:
        value = _native.decode(data)
    except _native.DecodeError as error:
        if not str(error).isprintable():
            raise AssertionError(ascii(error)) from error
        return
    assert shape(_native.decode(_native.encode(value))) == shape(value)


def _mutated(parts: tuple[Any, list[tuple[int, int]], int]) -> bytes:
    value, changes, cut = parts
    try:
        data = bytearray(_native.encode(value))
    except _native.EncodeError:
        return b""
    for at, byte in changes:
        data[at % len(data)] = byte
    return bytes(data[: len(data) - cut % 4])


encoded = st.binary(max_size=60) | st.tuples(
    values, st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=4), st.integers(0, 3)
).map(_mutated)

# --- In an enclave -----------------------------------------------------------------------------------------------

BASES = _words("""
    int float str bytes list tuple dict set frozenset bytearray object Exception datetime.datetime
    datetime.timedelta decimal.Decimal uuid.UUID
""")
METHODS = _words("""
    __iter__ __len__ __getitem__ keys items __hash__ __eq__ __repr__ __str__ __bool__ __getattribute__ __class__
    __reduce__ __index__ __int__ __float__ __buffer__ tzinfo utcoffset as_tuple __getstate__ __length_hint__
    __contains__ __next__ bytes int
""")
ACTS = ["raise KeyError(1)", "return self", "return None", "return -1", "return 1 << 80", "return iter([self, self])",
        "held.clear(); return 0", "held.append(held); return 1", "return 'x' * 100_000", "return [1, 2]",
        "return (yield 1)", "return method(self)", "raise SystemExit", "return b'x'", "return Evil()"]  # fmt: skip
evils = st.tuples(
    st.sampled_from(BASES),
    st.lists(
        st.tuples(st.sampled_from(METHODS), st.sampled_from(ACTS), st.booleans()), min_size=1, max_size=5
    ),
    st.sampled_from(
        ["evil", "[evil]", "{'k': evil}", "(evil, evil)", "held", "{1: [held, evil]}", "[held, evil, held]"]
    ),
)
BUILT = {"int", "float", "str", "bytes", "list", "tuple", "dict", "set", "frozenset"}


class Guests:
    """One enclave of one worker at each of two levels."""

    def __init__(self) -> None:
        self._enclaves = {
            level: Enclave(security_level=level, tool_handler=lambda name, args: args)
            for level in ("STRICT", "STANDARD")
        }

    def run(self, level: str, source: str, timeout: float = 0.5) -> Any:
        """Run, and see that the next run is right."""
        result = self._enclaves[level].run(source, timeout=timeout)
        after = self._enclaves[level].run("sum(range(10))", timeout=30.0)
        assert after.value == 45, f"the next run came to {after}"
        assert self._enclaves[level].stats().condemned_slots == 0
        return result

    def hostile_value(self, parts: tuple[str, list[tuple[str, str, bool]], str]) -> None:
        """A value of hostile classes is refused, or arrives as plain data."""
        base, methods, shown = parts
        body = [f"class Evil({base}):"]
        for name, act, is_property in methods:
            body += ["    @property"] * is_property + [
                f"    def {name}(self, *args, **more):",
                f"        {act}",
            ]
        source = "\n".join(
            ["import datetime, decimal, uuid", "held = [1, 2, 3]", "def method(x): return method(x)", *body,
             "try:", "    evil = Evil()", "except Exception:", "    evil = Evil", "held.append(evil)", shown]
        )  # fmt: skip
        result = self.run("STANDARD", source)
        if result.success:
            assert plain(result.value), f"{result.value!r} is not plain\n{source}"
        else:
            assert result.error.code not in {ErrorCode.WORKER_CRASHED, ErrorCode.SANDBOX_VIOLATION}, (
                f"{result.error}\n{source}"
            )
            assert type(result.error.message) is str

    def same_verdict(self, source: str) -> None:
        """What the check says here it says in a guest, which it does not crash."""
        try:
            source.encode()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = compile(source, "<fuzz>", "exec", FLAGS, dont_inherit=True)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return
        at = rules.RULES["STRICT"]
        found = language.check_source(source, at) or language.check_tree(source, tree, at)
        # What is refused does not run: it needs no more than the check does, on a machine however busy.
        result = self.run("STRICT", source, 30.0 if found else 0.5)
        code = None if result.success else result.error.code
        assert code is not ErrorCode.WORKER_CRASHED, f"{result.error}\n{source}"
        if found:
            assert code is ErrorCode.VALIDATION_ERROR, f"{code}, not refused\n{source}"
            assert result.error.data["line"] == found[0]["line"]


def plain(value: object) -> bool:
    """It and all in it are of the types that cross, exactly."""
    kind = type(value)
    if kind in {list, tuple, set, frozenset}:
        return all(map(plain, value))  # type: ignore[call-overload]
    if kind is dict:
        return all(plain(key) and plain(item) for key, item in value.items())  # type: ignore[attr-defined]
    return (
        value is None
        or kind.__name__ in BUILT
        or kind.__module__ in {"datetime", "decimal", "uuid", "builtins"}
    )


def main(seconds: str, seed: str, last: str) -> None:
    _native.set_ext(_values.encode_table(sys.modules), _values.decode_table())
    guests = Guests()
    properties = {
        "check": (check_text, texts),
        "round trip": (round_trip, mixed),
        "bytes": (decode_bytes, encoded),
        "hostile value": (guests.hostile_value, evils),
        "same verdict": (guests.same_verdict, programs | soups),
    }
    hammer(properties, float(seconds), int(seed), Last(last))


if __name__ == "__main__":
    main(*sys.argv[1:])
