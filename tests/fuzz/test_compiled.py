"""The oracle of `sources`: what it takes for a read of a withheld builtin."""

from __future__ import annotations

import ast

import pytest

from enclave_subinterp.guest import rules
from tests.fuzz.compiled import revive, withheld_builtins

AWAITED = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def reads(source: str) -> set[str]:
    code = compile(source, "<script>", "exec", AWAITED, dont_inherit=True)
    tree = compile(source, "<script>", "exec", AWAITED | ast.PyCF_ONLY_AST, dont_inherit=True)
    revive(tree)
    revived = compile(tree, "<script>", "exec", AWAITED, dont_inherit=True)
    return withheld_builtins(code, revived, rules.RULES["STRICT"])


@pytest.mark.parametrize(
    "source",
    [
        "eval",
        "def f():\n    global eval\neval",
        "from eval import x\neval",
        "from x import eval as y\neval",
        "x.eval = 1\neval",
        "try: del eval\nexcept NameError: eval",
        "eval: int\neval",
        "class A:\n    type B = eval",
    ],
)
def test_what_binds_nothing_is_no_excuse(source: str) -> None:
    # GIVEN a read of a builtin beside a statement that only names it THEN it is a read of the builtin
    assert reads(source) == {"eval"}


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    global eval\n    eval = 1\neval",
        "while None:\n    eval = 1\neval",
        "def f(): return eval\nraise\neval = 1",
        "def f():\n    global eval\n    return (x := 1)\n    eval = 2\neval",
        "for x in y:\n    break\n    eval = 1\neval",
        "() and (eval := 1)\neval",
        "f'' and (eval := 1)\neval",
        "if not __debug__:\n    import eval.x\neval",
        "def f(): return eval\nraise\nfrom x import *",
        "while eval:\n    def f():\n        x: (lambda eval: x)",
        "def f():\n    x[0]: (lambda eval: x)\n    x.y: int = 1\neval",
        "from __future__ import annotations\ndef f(x: (lambda eval: x)): pass\neval",
        "match x:\n    case -1 | None: pass\n    case {1j: [*eval]}: pass\neval",
        "'text'\nfrom __future__ import annotations\nf'{x:>{y}}' and (eval := 1)\neval",
    ],
)
def test_a_binding_counts_dead_or_alive(source: str) -> None:
    # GIVEN a binding of the name, which the compiler may leave out THEN the name is the script's own
    assert reads(source) == set()
