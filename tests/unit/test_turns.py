"""Loops that count their turns, and a script that is not changed by it otherwise."""

import ast
import asyncio
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enclave_subinterp.guest import turns
from tests.unit.scripts import SCRIPTS, Counter, codes, indented, parsed


def compiled(source: str, counter: Callable[[], bool] | None = None) -> types.CodeType:
    tree = parsed(source)
    if counter is not None:
        turns.count_turns(tree)
    code = compile(tree, "<script>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return code if counter is None else turns.bind_counter(code, counter)


def outcome(code: types.CodeType) -> tuple[Any, str, list[str]]:
    """What a program leaves in `result` and in `log`, and the error that it ends with, places included."""
    namespace: dict[str, Any] = {"__name__": "__main__", "log": []}
    error = ""
    try:
        value = eval(code, namespace)
        if asyncio.iscoroutine(value):
            asyncio.run(value)
    except Exception as caught:  # noqa: BLE001 - whatever the program raises is its outcome
        frames = traceback.extract_tb(caught.__traceback__)
        places = [
            (f.name, f.lineno, f.end_lineno, f.colno, f.end_colno) for f in frames if f.filename == "<script>"
        ]
        error = f"{type(caught).__name__}: {caught} {places}"
    return namespace.get("result"), error, namespace["log"]


STRING_ANNOTATIONS = """
from __future__ import annotations
def f(x: [i for i in a]) -> {i for i in a}:
    y: [i for i in b]
z: (i for i in c) = 1
result = f.__annotations__, __annotations__
"""

PROGRAMS = [
    # turns, source
    (0, "result = [1]"),
    (3, "result = []\nfor i in range(3): result.append(i)"),
    (3, "result = []\nfor i in range(3):\n    if i == 1: continue\n    result.append(i)\nelse: result.append('end')"),
    (2, "result = []\nfor i in range(3):\n    if i == 1: break\n    result.append(i)\nelse: result.append('end')"),
    (4, "n = 0\nwhile n < 4: n += 1\nelse: n = -n\nresult = n"),
    (3, "n = 0\nwhile True:\n    n += 1\n    if n == 3: break\nelse: n = -n\nresult = n"),
    (0, "while False: log.append(1)\nelse: log.append(2)"),
    (3 + 9, "result = 0\nfor i in range(3):\n    for j in range(3): result += i * j"),
    (5, "result = [i for i in range(5)]"),
    (5, "result = [i for i in range(5) if i % 2]"),
    (5, "result = [i for i in range(5) if i % 2 if log.append(i) is None]"),
    (3 + 3 + 1, "result = [(i, j) for i in range(3) for j in range(i)] + [i for i in 'a']"),
    (3 + 2, "result = [(i, j) for i in range(3) if i for j in [i * 2]]"),
    (2 + 3, "result = {i: i for i in range(2)}, {i for i in range(3)}"),
    (4, "result = sum(i for i in range(4))"),
    (3, "result = any(i == 2 for i in range(9))"),
    (3, "result = all(i < 2 for i in range(9))"),
    (4, "result = tuple(i for i in range(4)), list(i for i in ())"),
    (0, "result = repr(type(i for i in range(4)))"),
    (4, "result = [y := i for i in range(4)], y"),
    (4, "result = [z for i in range(4) if (z := i * 2)], z"),
    (2 + 4, "result = [[j for j in range(2)] for i in range(2)]"),
    (2, "result = []\nfor a, *b in [(1, 2, 3), (4,)]: result.append((a, b))"),
    (2, "class C: pass\nresult = C()\nfor result.x in (1, 2): pass\nresult = result.x"),
    (2, "result = [0]\nfor result[0] in (1, 2): pass"),
    (3, "class C:\n    x = [i for i in range(3)]\n    y = len(x)\nresult = C.x, C.y"),
    (3, "class C:\n    for i in range(3): pass\nresult = C.i"),
    (2, "def f(n=[i for i in range(2)]): return n\nresult = f()"),
    (4, "f = lambda n: [i for i in range(n)]\nresult = f(1), f(3)"),
    (3, "def f():\n    for i in range(3): yield i\nresult = list(f())"),
    (1, "def f():\n    try:\n        for i in 'ab': yield i\n    finally: log.append(0)\ng = f()\nnext(g)\ng.close()"),
    (2, "def f():\n    for i in range(2): log.append((yield i))\ng = f()\nnext(g)\nresult = g.send(7)"),
    (0, "def f():\n    yield from (1, 2)\nresult = f().__next__()"),
    (3, "def f():\n    for i in range(9):\n        if i == 2: return i\nresult = f()"),
    (2, "def f():\n    for i in range(2):\n        try: continue\n        finally: log.append(i)\nf()"),
    (3, "for i in range(3):\n    try: 1 / i\n    except ArithmeticError: log.append('!')\n    else: log.append(i)"),
    (4, "def f(n):\n    for i in range(n): f(n - 1)\nf(2)"),
    (3, "x = [1, 2, 3]\nresult = []\nwhile x: result.append(x.pop())"),
    (3, "result = f'{[i for i in range(3)]}'"),
    (4, "import functools\nresult = functools.reduce(lambda a, b: a + b, (i for i in range(4)))"),
    (2, "@(lambda f: [f for _ in range(2)])\ndef f(): pass\nresult = len(f)"),
    (2, "def f(x: [i for i in range(2)]): pass\nresult = f.__annotations__['x']"),
    (0, STRING_ANNOTATIONS),
    (2, "from __future__ import annotations\ndef f(x: int = [i for i in range(2)]): return x\nresult = f()"),
    (2, "type X = [i for i in range(2)]\nresult = X.__value__"),
    (2, "def f[T: [i for i in range(2)]](): return T.__bound__\nresult = f()"),
    (3, "match [1, 2, 3]:\n    case [*xs] if [log.append(x) for x in xs]: result = 1"),
    (2, "with open(__import__('os').devnull) as f:\n    for i in range(2): pass\nresult = f.closed"),
    (2 + 2, "async def a():\n    for i in range(2): yield i\nresult = [i async for i in a()]"),
    (2 + 2, "async def a():\n    for i in 'ab': yield i\nasync for i in a(): log.append(i)\nelse: log.append(3)"),
    (2 + 2, "async def a():\n    for i in range(2): yield i\nresult = {i: i async for i in a()}"),
    (2 + 2 + 2, "async def a():\n    for i in range(2): yield i\nresult = {(i, j) async for i in a() for j in [i]}"),
    (2 + 2 + 2, "async def a():\n    for i in range(2): yield i\nresult = [x async for x in (i async for i in a())]"),
    (3, "async def f(x): return x\nresult = [await f(i) for i in range(3)]"),
    (1, "for i in range(3): 1 / i"),
    (3, "def f(n):\n    return [1 / (2 - i)\n            for i in range(n)]\nf(9)"),
    (1, "for a, b in [(1, 2), 3]: pass"),
    (0, "for a in 3: pass"),
    (0, "[a for a in 3]"),
    (2, "n = 2\nwhile 1 / n:\n    n -= 1"),
    (2, "def f():\n    global t\n    for t in (1, 2): pass\nf()\nresult = t"),
    (4, "result = 0\nfor i in range(2):\n    def f(): return [i for _ in range(1)]\n    result += f()[0]"),
    (1, "for i in [1]:\n    class C:\n        'text'\nresult = C.__doc__"),
    (2, "for i in range(2): 'not a docstring'"),
    (0, "def f():\n    'a docstring'\n    for i in (): pass\nresult = f.__doc__"),
    (2, "result = '<turn>' in {'<turn>'}, (frozenset(('<turn>',)),)\nfor x in ({'<turn>'}, {1}): log.append(x)"),
    (0, "result = 1 in (1, 2), ('<turn>',), b'<turn>', 1.5j, ..., 'x' in {'<turn>'}"),
]  # fmt: skip


@pytest.mark.parametrize(("count", "source"), PROGRAMS, ids=[f"{n}-{s[:50]!a}" for n, s in PROGRAMS])
def test_a_counted_program_does_the_same_and_the_count_is_exact(count: int, source: str) -> None:
    counter = Counter()
    assert outcome(compiled(source, counter)) == outcome(compiled(source))
    assert counter.turns == count


if sys.version_info >= (3, 15):

    @pytest.mark.parametrize(
        "source", ["result = [*x for x in ([1, 2], [3])]", "result = {**x for x in ({1: 2}, {3: 4})}"]
    )
    def test_unpacking_comprehensions_count(source: str) -> None:
        counter = Counter()
        assert outcome(compiled(source, counter)) == outcome(compiled(source))
        assert counter.turns == 2


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_lines_stay_where_they_are(path: Path) -> None:
    """A debugger, a profiler and a traceback see the same lines in a counted script as in the plain one."""
    source = "def script():\n" + "".join(f"    {line}\n" for line in path.read_text("utf-8").split("\n"))
    try:
        plain = compile(source, "<script>", "exec", dont_inherit=True)
    except SyntaxError:  # an awaiting script: it is in PROGRAMS' kind
        source = "async " + source
        plain = compile(source, "<script>", "exec", dont_inherit=True)
    for one, two in zip(codes(plain), codes(compiled(source, Counter())), strict=True):
        assert one.co_qualname == two.co_qualname
        assert {line for *_, line in one.co_lines()} == {line for *_, line in two.co_lines()}
        assert (one.co_names, one.co_varnames, one.co_freevars) == (
            two.co_names,
            two.co_varnames,
            two.co_freevars,
        )


NAMESPACE_OF_A_METACLASS = """
class Anything(dict):
    def __missing__(self, key):
        return (lambda: True) if key[0] == "<" else getattr(builtins, key)

class Meta(type):
    def __prepare__(*how):
        return Anything()

import builtins
class C(metaclass=Meta):
    for i in range(3): pass
"""


@pytest.mark.parametrize(
    "source",
    [
        "globals()['<turn>'] = lambda: True\nfor i in range(3): pass",
        "import builtins\nsetattr(builtins, '<turn>', lambda: True)\nfor i in range(3): pass",
        NAMESPACE_OF_A_METACLASS,
    ],
)
def test_nothing_that_a_script_binds_is_called_instead(source: str) -> None:
    counter = Counter()
    result, error, _ = outcome(compiled(source, counter))
    assert (result, error, counter.turns) == (None, "", 3)


def test_counting_warns_of_nothing() -> None:
    """The filter of the tests makes errors of the compiler's warnings."""
    code = compiled("for i in range(3): [j for j in 'ab']", Counter())
    assert outcome(code)[1] == ""


def test_code_without_loops_stays_the_same_object() -> None:
    code = compiled("def f(): return 1\nf()")
    assert turns.bind_counter(code, Counter()) is code


# --- by chance ------------------------------------------------------------------------------------------------------

LOOPS = st.recursive(
    st.sampled_from(
        [
            "log.append(1)",
            "x = [tick() and i for i in range(2)]",
            "sum(i for i in range(3) if tick())",
            "{i: j for i in range(2) if tick() for j in range(2) if tick()}",
            "{i for i in ()  if tick()}",
        ]
    ),
    lambda inner: st.one_of(
        inner.map(lambda t: f"for i in range(2):\n    tick()\n{indented(t)}"),
        inner.map(
            lambda t: (
                f"for i in range(3):\n    tick()\n    if i == 1: continue\n{indented(t)}\nelse:\n{indented(t)}"
            )
        ),
        inner.map(lambda t: f"n = 2\nwhile n:\n    tick()\n    n -= 1\n{indented(t)}\n    break"),
        inner.map(lambda t: f"def f():\n{indented(t)}\n    yield 1\nfor k in f():\n    tick()\nlist(f())"),
        inner.map(
            lambda t: (
                f"try:\n    for i in (2, 0):\n        tick()\n        1 / i\nexcept ZeroDivisionError:\n{indented(t)}"
            )
        ),
        st.tuples(inner, inner).map("\n".join),
    ),
    max_leaves=6,
)


@given(LOOPS)
@settings(deadline=None, max_examples=200)
def test_the_count_is_that_of_a_script_that_counts_itself(source: str) -> None:
    counter, own = Counter(), Counter()
    log: list[int] = []
    exec(compiled(source, counter), {"tick": own, "log": log})
    assert counter.turns == own.turns
    plain: list[int] = []
    exec(compiled(source), {"tick": Counter(), "log": plain})
    assert log == plain
