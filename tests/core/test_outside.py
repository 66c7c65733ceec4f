"""What lies outside a slot's range does not point into it: not after warm-up, not after runs of any kind.

A word that did would be a dangling pointer as soon as the range is rewound or given back.  The one word allowed is the
runtime's list of interpreters.  Needs a build with ENCLAVE_TESTING, as `make test` makes it.
"""

from __future__ import annotations

import pytest
from outside import CLOSING, ENVIRONMENT, LOOKING
from slots import child

IMPORTS = r"""
from enclave_subinterp._adapters import preload
names = dict.fromkeys(f"{preload.STANDARD_MODULES} {preload._EXTENSION_MODULES}".split())
for name in names:
    # One by one where a module might leave something; which there are differs between versions.
    look_after(f"import {name}\nNone", VALUE, ERROR)
look_after("\n".join(f"try: import {name}\nexcept Exception: pass" for name in names), VALUE)
"""

ACTS = r'''
PROGRAMS = """
1 / 0
---
def f():
    try: 1 / 0
    except ZeroDivisionError as e: raise KeyError from e
f()
---
class A:
    __slots__ = ("a",)
    def __del__(self): self.a = 1
class B(dict, metaclass=type("M", (type,), {})): pass
x = [A() for _ in range(1000)] + [B()]
---
import sys; sys.addaudithook(lambda *a: None)
---
import sys
def g(): pass
sys.setprofile(lambda *a: None); sys.settrace(lambda *a: None); g()
---
import sys
m = sys.monitoring; m.use_tool_id(3, "x")
m.register_callback(3, m.events.LINE, lambda *a: None); m.set_events(3, m.events.LINE)
x = 1
---
import atexit, codecs, warnings, gc
atexit.register(print); codecs.register(lambda n: None); warnings.simplefilter("error"); gc.callbacks.append(print)
---
import datetime, decimal, time
decimal.getcontext().prec = 5; datetime.datetime.now().strftime("%c"); time.tzset(); str(decimal.Decimal(1) / 3)
---
import locale; locale.setlocale(locale.LC_ALL, ""); locale.localeconv(); None
---
import asyncio
async def main():
    await asyncio.sleep(0.001)
asyncio.run(main())
---
import contextvars; v = contextvars.ContextVar("x"); v.set([1]); None
---
import hashlib, zlib, binascii
h = hashlib.sha256(b"x"); h.hexdigest(), zlib.crc32(b"x"), zlib.compress(b"x" * 10**5)
---
import re; re.compile("(a+)+$").match("a" * 18 + "b")
---
def g():
    try: yield 1
    finally: pass
a = g(); next(a)
---
import sys; {sys.intern(f"{i}_interned"): i for i in range(1000)}; None
---
import random, uuid; random.random(), uuid.uuid4(), uuid.uuid1()
---
import unicodedata
unicodedata.normalize("NFD", "é"), "é".encode("idna"), "a".encode("utf-16"), b"x".decode("cp1252")
"x".encode("shift_jis")
---
import pickle, copyreg; copyreg.pickle(int, print); pickle.dumps(print)
---
import string.templatelib
---
import xml.etree.ElementTree as E; E.tostring(E.fromstring("<a><b/></a>"))
---
import sys; sys.setrecursionlimit(5000); sys.set_int_max_str_digits(0); sys.excepthook = sys.displayhook = print
---
import _thread; kept = _thread.allocate_lock(), _thread._local(); kept[1].x = 1
---
exec("def f(a, b, *, c): return a"); f(1, 2, c=3), 10**10000 > 1, str(10**4000)[:3], int("7" * 4000) > 1
---
import ast, dis, io, symtable, tokenize
ast.dump(ast.parse("x = 1")); symtable.symtable("x = 1", "a", "exec")
dis.dis(compile("x + 1", "x", "eval"), file=io.StringIO())
---
def f[T](x: T) -> T: return x
type L = list[int]
f(1)
---
import typing, dataclasses, enum
@dataclasses.dataclass
class D: x: int
class E(enum.Flag): A = 1
typing.NamedTuple("N", [("a", int)])(1), repr(D(1)), E.A.value
---
x = [bytearray(1 << 20) for _ in range(20)]; None
---
call_tool("x", {"a": 1}); print("x" * 1000)
---
import sys
for name in [n for n in sys.modules if n not in ("sys", "builtins", "os", "posix", "__main__")]: del sys.modules[name]
import json, asyncio, logging
---
import importlib, json.decoder
for _ in range(20): importlib.reload(json.decoder)
---
import logging; logging.getLogger("x").warning("hi")
"""
for program in PROGRAMS.split("---\n"):
    look_after(program, VALUE, ERROR)
'''

HALTS = r"""
PROGRAMS = [
    "while True: pass",
    "import time; time.sleep(1000)",
    "import itertools; sum(itertools.repeat(1))",
    "import re; re.match('(a+)+$', 'a' * 40 + 'b')",
    "10 ** 10 ** 9",
    "import hashlib; hashlib.pbkdf2_hmac('sha256', b'a', b'b', 10**9)",
    "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "import select; select.select([], [], [])",
    "import queue; queue.Queue().get()",
    "import asyncio; asyncio.run(asyncio.sleep(1000))",
    "def f():\n    try:\n        while True: pass\n    finally: f()\nf()",
    "import json, importlib\nwhile True: importlib.reload(json)",
    "while True: exec('class A:\\n    def f(self): pass\\nA().f()')",
    "import zlib\nwhile True: zlib.compress(b'a' * 10**7, 9)",
    "class D:\n    def __del__(self): D()\nD()\nwhile True: pass",
    "import sys\nwhile True:\n    for m in set(sys.modules) - {'sys', 'builtins', 'os', 'posix'}: del sys.modules[m]\n"
    "    import json, asyncio, logging",
    "while True: call_tool('wait', {})",
    "x = []\nwhile True: x.append(bytearray(1 << 20))",
]
for program in PROGRAMS:
    for seconds in (0.003, 0.03):
        look_after(program, HALTED, timeout=seconds)
"""


@pytest.mark.parametrize("kind", ["imports", "acts", "halts"])
def test_nothing_outside_points_in(kind: str) -> None:
    # GIVEN a slot after its warm-up WHEN it has run programs of many kinds, one by one
    ended = child(
        LOOKING + {"imports": IMPORTS, "acts": ACTS, "halts": HALTS}[kind] + CLOSING,
        timeout=60,
        env=ENVIRONMENT,
    )
    # THEN no word outside points into its range, but the runtime's list of interpreters
    ended.check(within=10.0)
    (said,) = ended.reports
    assert not said["finds"], "\n".join(said["finds"])


def test_a_pointer_would_be_found() -> None:
    # GIVEN a word of the host that holds an address of the slot's range WHEN one looks THEN it is found
    planted = "import array; planted = array.array('Q', [slot.layout[0] + 4096]); look('planting')\n"
    ended = child(LOOKING + planted + CLOSING, env=ENVIRONMENT)
    ended.check()
    (said,) = ended.reports
    assert len(said["finds"]) == 1, said
    assert "after planting" in said["finds"][0]
