"""The language layer: what is refused at which level and where.

Its texts run in slots; here they are modules of the host, and once one text, as a slot gets them.
"""

import _ast
import ast
import builtins
import itertools
import keyword
import re
import symtable
import sys
import types
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enclave_subinterp import SecurityLevel
from enclave_subinterp._adapters import subinterpreter as adapter
from enclave_subinterp.guest import language, rules, turns
from tests.unit.scripts import SCRIPTS, Counter, codes, indented, parsed

LEVELS = ("STRICT", "SECURE", "STANDARD", "PERMISSIVE")


def check(source: str, level: str = "STRICT") -> list[dict[str, Any]]:
    """Both checks, as a run does them."""
    at = rules.RULES[level]
    return language.check_source(source, at) or language.check_tree(source, parsed(source), at)


def found(source: str, level: str = "STRICT") -> set[str]:
    return {finding["rule"] for finding in check(source, level)}


# --- the rules as data -----------------------------------------------------------------------------------------------


def test_the_levels_are_those_of_the_contract() -> None:
    assert tuple(rules.RULES) == LEVELS == tuple(SecurityLevel)


@pytest.mark.parametrize("level", LEVELS)
def test_rules_agree_with_the_presets(level: str) -> None:
    limits = SecurityLevel(level).limits
    at = rules.RULES[level]
    assert at.bounded_while is limits.refuse_unbounded_while
    assert at.plain_text is limits.refuse_confusables


def test_a_wider_level_allows_what_a_narrower_one_does() -> None:
    for narrow, wide in itertools.pairwise(LEVELS):
        one, two = rules.RULES[narrow], rules.RULES[wide]
        assert one.builtins <= two.builtins
        assert one.hidden >= two.hidden
        assert one.max_characters <= two.max_characters
        assert one.max_depth <= two.max_depth
        assert two.dunders is None or (one.dunders is not None and one.dunders <= two.dunders)


def test_somebody_has_looked_at_every_builtin() -> None:
    """What a later Python adds fails here until it stands in one of the lists."""
    by_site = {"copyright", "credits", "exit", "help", "license", "quit"}
    assert set(dir(builtins)) - by_site - {"_"} <= rules.allowed_builtins("PERMISSIVE")


@pytest.mark.parametrize("level", LEVELS)
def test_what_every_script_needs_is_there(level: str) -> None:
    needed = {
        "print",
        "len",
        "range",
        "__build_class__",
        "__import__",
        "ValueError",
        "call_tool",
        "ToolError",
    }
    assert needed <= rules.allowed_builtins(level)


def test_builtins_by_level() -> None:
    strict, secure, standard, permissive = map(rules.allowed_builtins, LEVELS)
    assert (
        not {"eval", "exec", "compile", "open", "input", "globals", "vars", "locals", "breakpoint"} & secure
    )
    assert secure - strict == {"dir"}
    assert standard - secure == {"compile", "eval", "exec", "globals", "locals", "vars"}
    assert {"open", "input", "breakpoint"} <= permissive - standard


def test_somebody_has_looked_at_every_node_kind() -> None:
    kinds = {n: k for n, k in vars(_ast).items() if isinstance(k, type) and issubclass(k, _ast.AST)}
    bases = {k.__base__ for k in kinds.values()}
    concrete = {n for n, k in kinds.items() if k not in bases and k is not _ast.AST}
    assert concrete - rules.NODE_KINDS == {"Interactive", "FunctionType", "TypeIgnore"}  # of other modes


def test_somebody_has_looked_at_every_name_in_a_node() -> None:
    """Each binds what it names or does not: a new one is in neither list."""
    others = {"Name.id", "alias.name", "alias.asname", "Attribute.attr", "keyword.arg", "ImportFrom.module"}
    others |= {"MatchClass.kwd_attrs", "Global.names", "Nonlocal.names"}
    named = {
        f"{kind}.{field}"
        for kind in rules.NODE_KINDS
        if hasattr(_ast, kind)
        for field in re.findall(r"\bidentifier[?*]? (\w+)", getattr(_ast, kind).__doc__)
    }
    assert named == rules.BINDING_FIELDS | others


# --- what is refused -------------------------------------------------------------------------------------------------

REFUSED = [
    # rule, first refused from this level on, source
    ("dunder", "STANDARD", "().__class__.__bases__[0].__subclasses__()"),
    ("dunder", "STANDARD", "print.__self__"),
    ("dunder", "STANDARD", "def f(): pass\nf.__globals__"),
    ("dunder", "STANDARD", "f = lambda: 0\nf.__code__ = 1"),
    ("dunder", "STANDARD", "del f.__closure__"),
    ("dunder", "STANDARD", "__builtins__"),
    ("dunder", "STANDARD", "__builtins__ = {}"),
    ("dunder", "STANDARD", "global __builtins__"),
    ("dunder", "STANDARD", "def f():\n    nonlocal_ = 1\n    def g():\n        global __loader__"),
    ("dunder", "STANDARD", "def f(__builtins__): pass"),
    ("dunder", "STANDARD", "def f(__globals__, /): pass"),
    ("dunder", "STANDARD", "def f(*__globals__): pass"),
    ("dunder", "STANDARD", "lambda __code__: 0"),
    ("dunder", "STANDARD", "f(__globals__=1)"),
    ("dunder", "STANDARD", "class A(__globals__=1): pass"),
    ("dunder", "STANDARD", "class __globals__: pass"),
    ("dunder", "STANDARD", "import __globals__"),
    ("dunder", "STANDARD", "import a.__loader__.b"),
    ("dunder", "STANDARD", "from a import __loader__"),
    ("dunder", "STANDARD", "from a import b as __builtins__"),
    ("dunder", "STANDARD", "from __builtins__ import b"),
    ("dunder", "STANDARD", "match x:\n    case A(__globals__=g): pass"),
    ("dunder", "STANDARD", "match x:\n    case {'a': 1, **__globals__}: pass"),
    ("dunder", "STANDARD", "match x:\n    case [*__globals__]: pass"),
    ("dunder", "STANDARD", "match x:\n    case __globals__: pass"),
    ("dunder", "STANDARD", "match x:\n    case a.__globals__: pass"),
    ("dunder", "STANDARD", "try: pass\nexcept E as __globals__: pass"),
    ("dunder", "STANDARD", "try: pass\nexcept* E as e: e.__globals__"),
    ("dunder", "STANDARD", "f'{x.__globals__}'"),
    ("dunder", "STANDARD", "f'{x:{y.__globals__}}'"),
    ("dunder", "STANDARD", "@a.__globals__\ndef f(): pass"),
    ("dunder", "STANDARD", "def f(a: b.__globals__ = c) -> d: pass"),
    ("dunder", "STANDARD", "def f[T: a.__globals__](): pass"),
    ("dunder", "STANDARD", "type X[__globals__] = int"),
    ("dunder", "STANDARD", "type X = a.__globals__"),
    ("dunder", "STANDARD", "with a as b.__globals__: pass"),
    ("dunder", "STANDARD", "[x for x in a if x.__globals__]"),
    ("dunder", "STANDARD", "for a.__globals__ in b: pass"),
    ("dunder", "STANDARD", "(__globals__ := 1)"),
    ("dunder", "STANDARD", "f.__ｇlobals__"),  # the parser brings it into its plain form
    ("dunder", "STANDARD", "getattr(f, '__globals__')"),
    ("dunder", "STANDARD", "setattr(f, '__code__', g)"),
    ("dunder", "STANDARD", "hasattr(f, '__code__')"),
    ("dunder", "STANDARD", "delattr(f, '__code__')"),
    ("dunder", "STANDARD", "import operator\noperator.attrgetter('a', 'b.__globals__.c')"),
    ("dunder", "STANDARD", "object.__setattr__(f, '__code__', g)"),
    ("dunder", "SECURE", "object.__getattribute__(x, 'a')"),
    ("dunder", "SECURE", "x.__class__"),
    ("dunder", "SECURE", "getattr(x, '__class__')"),
    ("dunder", "SECURE", "x.__dict__"),
    ("dunder", "SECURE", "x.__mro__"),
    ("dunder", "SECURE", "__import__('os')"),
    ("frame", "STANDARD", "(x for x in a).gi_frame"),
    ("frame", "STANDARD", "e.__traceback__.tb_frame"),
    ("frame", "STANDARD", "e.tb_next"),
    ("frame", "STANDARD", "c.cr_frame.f_back"),
    ("frame", "STANDARD", "a.ag_frame"),
    ("frame", "STANDARD", "x.f_globals"),
    ("frame", "STANDARD", "from sys import _getframe"),
    ("frame", "STANDARD", "match x:\n    case A(gi_frame=f): pass"),
    ("frame", "STANDARD", "getattr(x, name='gi_frame')"),
    ("frame", "SECURE", "A.mro()"),
    ("name", "STANDARD", "open('x')"),
    ("name", "STANDARD", "input()"),
    ("name", "STANDARD", "breakpoint()"),
    ("name", "PERMISSIVE", "exit()"),
    ("name", "SECURE", "eval('1')"),
    ("name", "SECURE", "exec('1')"),
    ("name", "SECURE", "f = compile"),
    ("name", "SECURE", "globals()"),
    ("name", "SECURE", "[vars(x) for x in a]"),
    ("name", "STRICT", "dir(x)"),
    ("name", "SECURE", "class A(eval):\n    def f(): global eval"),
    ("name", "SECURE", "def f():\n    x = 1\n    def g():\n        nonlocal x\n        return eval"),
    ("name", "SECURE", "from eval import x\neval"),
    ("name", "SECURE", "from . import x\nfrom .eval import y\neval"),
    ("name", "SECURE", "import x.eval\nx.eval, eval"),
    ("name", "SECURE", "match x:\n    case A(eval=y): eval"),
    ("name", "SECURE", "x.eval = f(eval=1)\neval"),
    ("name", "SECURE", "try: del eval\nexcept NameError: eval"),
    ("name", "SECURE", "eval: int\neval"),
    ("name", "SECURE", "(eval): int\neval"),
    ("name", "SECURE", "def f(a: eval): global eval"),
    ("while", "SECURE", "while True: pass"),
    ("while", "SECURE", "while 1:\n    if x: break"),
    ("while", "SECURE", "while 'yes': x += 1"),
    ("while", "SECURE", "while not False: x += 1"),
    ("while", "SECURE", "while x: pass"),
    ("while", "SECURE", "while x < 3: print(x)"),
    ("while", "SECURE", "while len(x) < 3: y.append(1)"),
    ("while", "SECURE", "def f():\n    async def g():\n        while True: await x"),
    ("while", "SECURE", "while True and 1: x += 1"),
    ("while", "SECURE", "while x:\n    def f(): global x"),
    ("while", "SECURE", "while x: from x import y"),
    ("while", "SECURE", "while x:\n    match y:\n        case A(x=z): pass"),
    ("while", "SECURE", "while x: x: int"),
    ("identifier", "SECURE", "größe = 1"),
    ("identifier", "SECURE", "ｅval = 1"),
    ("identifier", "SECURE", "раураl = 1"),
    ("identifier", "SECURE", "x.größe"),
    ("identifier", "SECURE", "f(größe=1)"),
    ("identifier", "SECURE", "f'{größe}'"),
    ("identifier", "SECURE", "import größe"),
    ("character", "SECURE", "x = 'a\u202eb'"),
    ("character", "SECURE", "x = 1 # \u2066 hidden"),
    ("character", "SECURE", "x = 'a\u200bb'"),
    ("character", "SECURE", "x = 'a\x1b[2Jb'"),
    ("character", "SECURE", "x = 1 # a\u2028x = 2"),
    ("character", "SECURE", "x = 'a\U000e0041b'"),
    ("depth", "PERMISSIVE", "x = " + "+1" * 2_100),
    ("depth", "STANDARD", "x = " + "1 + " * 1_100 + "1"),
    ("depth", "STRICT", "x = " + "1 + " * 110 + "1"),
    ("size", "STRICT", "#" * 100_001),
    ("size", "SECURE", "#" * 250_001),
    ("size", "STANDARD", "#" * 1_000_001),
    ("size", "PERMISSIVE", "#" * 4_000_001),
]  # fmt: skip
if sys.version_info >= (3, 14):
    REFUSED += [("dunder", "STANDARD", "t'{x.__globals__}'"), ("name", "SECURE", "t'{eval}'")]
if sys.version_info >= (3, 15):
    REFUSED += [
        ("dunder", "STANDARD", "lazy import __loader__"),
        ("dunder", "STANDARD", "[*x.__globals__ for x in y]"),
        ("dunder", "STANDARD", "{**x.__globals__ for x in y}"),
    ]


@pytest.mark.parametrize(("rule", "last", "source"), REFUSED, ids=[f"{r}-{s[:40]!a}" for r, _, s in REFUSED])
def test_refused_up_to_a_level(rule: str, last: str, source: str) -> None:
    refusing = LEVELS[: LEVELS.index(last) + 1]
    for level in LEVELS:
        assert (rule in found(source, level)) is (level in refusing), level


ALLOWED = [
    "if __name__ == '__main__':\n    print(__doc__)",
    "class A:\n    __slots__ = ('a',)\n    def __init__(self): super().__init__()\n    def __eq__(self, x): return 1",
    "class A:\n    def __enter__(self): return self\n    def __exit__(self, *how): pass",
    "__version__ = '1'\n__all__ = []",
    "from __future__ import annotations",
    "type(x).__name__, f.__qualname__, f.__doc__",
    "object.__setattr__(self, 'x', 1)",
    "for __ in range(3): _ = __",
    "x = {**a, 'b': [*c]}",
    "def f(*, a, b=1): return a",
    "getattr(x, 'name', None), x.__len__()",
    "re.compile('a'), x.open(), x.eval(), f(input=1, dir=2)",
    "def compile(x): return x\ncompile(1)",
    "help = 1\nprint(help)",
    "def f():\n    global help\n    help = 1\nhelp",
    "def f():\n    help = 1\n    def g():\n        nonlocal help\n        help += 1\n    return help",
    "def f():\n    global help\n    def help(): pass\nhelp",
    "def f():\n    global help\n    from a import b as help\nhelp",
    "def f():\n    global help\n    for help in a: pass\nhelp",
    "help: int\nhelp = 1\nhelp",
    "help: int = 1\nhelp\ndel help",
    "class help: pass\nhelp",
    "async def help(): await help()",
    "lambda input, *dir, **vars: (input, dir, vars)",
    "try: pass\nexcept E as help: print(help)",
    "match x:\n    case [1 as dir, *vars]: dir, vars\n    case {'a': input, **help}: input, help",
    "def f[help, *vars, **dir](a: help, b: vars, c: dir): pass",
    "type help[dir] = dir\nhelp",
    "with a as help: help",
    "(help := 1), help",
    "import help.x\nhelp",
    "from io import open\nopen",
    "import dir as vars\nvars.x",
    "from x import *\nopen",
    "[input for input in a]",
    "while x > 0: x -= 1",
    "while x: x = x.next",
    "while todo: todo.pop()",
    "while queue: heappop(queue)",
    "while self.at < len(self.text): self.step()",
    "while x.y[0]: x.y[0] = f()",
    "while (line := next(lines, None)) is not None: print(line)",
    "while chunk := f.read(): pass",
    "while step(): pass",
    "while False: pass",
    "while n:\n    for n in a: pass",
    "while x: del x",
    "async def f():\n    while await g(): pass",
    "def f():\n    while (yield): pass",
    "x = 'grüße' # grüße",
    "x = '\U0001f44d\ufe0f'",
    "x = f'ü{y}ß'",
    "a\t=\t1\n\x0cb = 2\r\nc = 3\n",
    "async def f():\n    async with a as b, c: [x async for x in y]",
    "try: pass\nexcept* (A, B) as e: raise",
    "type X[T: int, *Ts, **P] = list[T]",
    "match x:\n    case A(a=1) | [*_] | {'b': c, **d} if c: pass",
]
if sys.version_info >= (3, 14):
    ALLOWED += ["t'{x!r:>{width}}'", "try: pass\nexcept A, B: pass"]
if sys.version_info >= (3, 15):
    ALLOWED += ["lazy import json\nlazy from a import b", "[*x for x in y], {**x for x in y}"]


@pytest.mark.parametrize("source", ALLOWED, ids=ascii)
def test_ordinary_python_is_allowed_everywhere(source: str) -> None:
    for level in LEVELS:
        assert check(source, level) == [], level


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_honest_scripts_pass(path: Path) -> None:
    """At STANDARD all, at STRICT all but those with an endless ``while`` or a descriptor over ``__dict__``."""
    source = path.read_text(encoding="utf-8")
    assert check(source, "STANDARD") == check(source, "PERMISSIVE") == []
    if path.stem not in ("code_imports_graph", "lang_iterators", "lang_descriptors"):
        assert check(source, "STRICT") == []


def test_a_new_kind_of_node_is_refused() -> None:
    class Novelty(ast.expr):
        _fields = ("secret",)

    tree = parsed("x = 1")
    tree.body[0].value = Novelty(lineno=1, col_offset=4)
    (finding,) = language.check_tree("x = 1", tree, rules.RULES["PERMISSIVE"])
    assert (finding["rule"], finding["line"], finding["column"]) == ("syntax", 1, 5)
    assert "Novelty" in str(finding["message"])


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("x = 1\ny = x.__globals__", 2, 7),
        ("(x\n  .\n  __globals__)", 3, 3),
        ("'ü', x.__globals__", 1, 8),
        ("if 1:\n\tx.__globals__", 2, 4),
        ("'\x27\x27a\r\nb\rc'\x27\x27; x.__globals__", 3, 9),
        ("'\x0c\x1c\u2029'; x.__globals__", 1, 10),
        ("f('ü', __globals__=1)", 1, 8),
        ("f'ü{x.__globals__}'", 1, 7),
        ("getattr(x, '__globals__')", 1, 12),
    ],
)
def test_findings_in_the_tree_say_where(source: str, line: int, column: int) -> None:
    (first,) = check(source, "STANDARD")
    assert (first["line"], first["column"]) == (line, column)


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("for x in y:\n    while True:\n        pass", 2, 5),
        ("a = 'ü\u200b'", 1, 7),
        ("a = 1\r\nb = '\u200b'", 2, 6),
        ("a = 'ü'; größe = 1", 1, 10),
    ],
)
def test_findings_in_the_text_say_where(source: str, line: int, column: int) -> None:
    (first,) = check(source)
    assert (first["line"], first["column"]) == (line, column)


def test_findings_are_in_order_and_few() -> None:
    source = "\n".join(["x.__globals__, eval"] * 40)
    findings = check(source)
    assert len(findings) == language.MAX_FINDINGS == 20
    assert [f["line"] for f in findings] == [n for line in range(1, 11) for n in (line, line)]
    assert [f["rule"] for f in findings[:2]] == ["dunder", "name"]


def test_a_refusal_says_what_where_and_what_instead() -> None:
    message, data = language.refusal(check("x = 1\nx.__class__\neval"))
    assert message == (
        "line 2, column 3: `__class__` may not be written at security level STRICT; use type(x), or super()"
        " without arguments (and 1 more)"
    )
    assert {key: data[key] for key in ("line", "column", "rule", "suggestion")} == {
        "line": 2,
        "column": 3,
        "rule": "dunder",
        "suggestion": "use type(x), or super() without arguments",
    }
    assert [f["rule"] for f in data["findings"]] == ["dunder", "name"]
    message, data = language.refusal(check("while True: pass"))
    assert "for _ in range(limit)" in message
    assert len(data["findings"]) == 1


def test_a_long_name_is_shown_in_part() -> None:
    (finding,) = check("x.__" + "a" * 5000 + "__")
    assert len(str(finding["message"])) < 200


def test_a_deep_tree_costs_no_recursion() -> None:
    at = rules.RULES["STRICT"]
    tree = parsed("x")
    node = tree.body[0].value
    for _ in range(100_000):
        node = ast.UnaryOp(ast.Not(), node, lineno=1, col_offset=0)
    tree.body[0].value = node
    assert {f["rule"] for f in language.check_tree("x", tree, at)} == {"depth"}
    while isinstance(node, ast.UnaryOp):  # taken apart here, or its deallocation would recurse
        node = node.operand


# --- in one namespace, as in a slot ----------------------------------------------------------------------------------

TEXTS = ("_values.py", *(f"{name.replace('.', '/')}.py" for name in adapter.GUEST_MODULES))


def texts() -> list[str]:
    package = files("enclave_subinterp")
    return [package.joinpath(*name.split("/")).read_text(encoding="utf-8") for name in TEXTS]


def test_the_texts_share_no_names() -> None:
    """They are one namespace in a slot."""
    owners: dict[str, str] = {}
    for name, text in zip(TEXTS, texts(), strict=True):
        for symbol in symtable.symtable(text, name, "exec").get_symbols():
            bound = symbol.get_name()
            if (
                symbol.is_assigned()
                and not symbol.is_imported()
                and bound not in ("TYPE_CHECKING", "__doc__")
            ):
                assert owners.setdefault(bound, name) == name, bound


def test_the_texts_in_a_row_work() -> None:
    namespace: dict[str, Any] = {}
    before = set(sys.modules)
    for text in texts()[:-3]:
        exec(compile(text, "<enclave runtime>", "exec", dont_inherit=True), namespace)
    assert set(sys.modules) - before == set()
    source = "for i in range(3): x.__globals__"
    strict = namespace["RULES"]["STRICT"]
    assert namespace["check_source"](source, strict) == []
    (finding,) = namespace["check_tree"](source, parsed(source), strict)
    assert finding["rule"] == "dunder"
    assert namespace["count_turns"](parsed(source)) == 1


# --- by chance ------------------------------------------------------------------------------------------------------

PIECES = [*"()[]{}:,.=*@ \n\t'\"#\\", "    "]
PIECES += [
    "x",
    "y",
    "__class__",
    "gi_frame",
    "eval",
    "getattr",
    "'__globals__'",
    "1",
    "1.5",
    "'a'",
    "größe",
    "\u200b",
]
PIECES += ["->", ":=", "**", "f'{x}'", *keyword.kwlist, *keyword.softkwlist]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join) | st.text(max_size=60))
@settings(deadline=None, max_examples=400)
def test_any_source_is_checked_or_refused_by_the_parser(source: str) -> None:
    for level in rules.RULES.values():
        for finding in language.check_source(source, level):
            assert finding["rule"] == "character"
        try:
            tree = parsed(source)
        except (SyntaxError, ValueError):
            continue
        lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        findings = language.check_tree(source, tree, level)
        for finding in findings:
            line, column = finding["line"], finding["column"]
            assert isinstance(line, int)
            assert isinstance(column, int)
            assert 1 <= line <= len(lines)
            assert 1 <= column <= len(lines[line - 1]) + 1
        assert findings == sorted(findings, key=lambda f: (f["line"], f["column"]))
        turns.count_turns(tree)
        try:
            code = compile(tree, "<script>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        assert not left(turns.bind_counter(code, Counter()))


def left(code: types.CodeType) -> bool:
    """A stand-in of the counter is still there."""
    return any(turns._STAND_IN in c.co_consts for c in codes(code))


NAMES = st.sampled_from(["a", "b", "c"])
EXPRESSIONS = st.recursive(
    NAMES | st.sampled_from(["1", "'s'", "None", "{HOLE}"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("({0[0]} + {0[1]})".format),
        st.tuples(inner, NAMES).map("{0[0]}.{0[1]}".format),
        st.tuples(inner, inner).map("{0[0]}({0[1]}, k={0[0]}, *{0[1]})".format),
        st.tuples(inner, inner).map("{0[0]}[{0[1]}:{0[0]}]".format),
        st.tuples(inner, inner).map("[{0[0]} for a in {0[1]} if {0[1]}]".format),
        st.tuples(inner, inner).map("{{{0[0]}: 1 for b in {0[1]}}}".format),
        st.tuples(inner, inner).map("(lambda a={0[0]}: {0[1]})".format),
        st.tuples(inner, inner).map("({0[0]} if {0[1]} else a)".format),
        inner.map('f"{{ {0} }}"'.format),
    ),
    max_leaves=8,
)
STATEMENTS = st.recursive(
    EXPRESSIONS.map("x = {0}".format)
    | EXPRESSIONS.map("return {0}".format)
    | EXPRESSIONS.map("del a[{0}]".format),
    lambda inner: st.one_of(
        st.tuples(EXPRESSIONS, inner).map(lambda t: f"for a in {t[0]}:\n{indented(t[1])}"),
        st.tuples(EXPRESSIONS, inner).map(lambda t: f"if {t[0]}:\n{indented(t[1])}"),
        st.tuples(EXPRESSIONS, inner).map(lambda t: f"with {t[0]} as b:\n{indented(t[1])}"),
        st.tuples(EXPRESSIONS, inner).map(lambda t: f"def f(a={t[0]}):\n{indented(t[1])}"),
        st.tuples(EXPRESSIONS, inner).map(lambda t: f"@({t[0]})\nasync def f(a: {t[0]}):\n{indented(t[1])}"),
        st.tuples(EXPRESSIONS, inner).map(lambda t: f"try:\n{indented(t[1])}\nexcept* a: x = {t[0]}"),
        st.tuples(EXPRESSIONS, inner).map(
            lambda t: f"match {t[0]}:\n    case a.b if {t[0]}:\n{indented(indented(t[1]))}"
        ),
        st.tuples(inner, inner).map("\n".join),
    ),
    max_leaves=5,
)


@given(STATEMENTS, st.sampled_from(["x.__globals__", "__builtins__", "x.gi_frame", "getattr(x, '__code__')"]))
@settings(deadline=None, max_examples=200)
def test_what_is_refused_is_found_wherever_it_stands(text: str, refused: str) -> None:
    source = "def f():\n" + indented(text + "\nx = {HOLE}")
    clean = source.replace("{HOLE}", "c")
    try:
        parsed(source.replace("{HOLE}", refused))
        parsed(clean)
    except SyntaxError:  # except* around a return
        return
    assert check(clean, "STANDARD") == []
    places = source.count("{HOLE}")
    findings = check(source.replace("{HOLE}", refused), "STANDARD")
    assert len(findings) == min(places, language.MAX_FINDINGS)
    assert {f["rule"] for f in findings} <= {"dunder", "frame"}
