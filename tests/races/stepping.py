"""Halts at chosen instructions: `stepping.py [MOST [STRIDES]]`.

For each function below a guest calls it under a single step and is halted at its n-th instruction, what it calls
included.  After each halt the slot's range is compared, byte for byte, with its snapshot, and an ordinary run follows.
Of the first MOST instructions of a function every one is taken, or STRIDES of them, evenly spread; without MOST a few.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "core"))
import slots
from stages import check, native

N = native()

# name -> what comes before, the function, the act that calls it
ACTS = {
    "list append": ("x = list(range(100)); f = x.append", "list.append", "f(1)"),
    "list insert": ("x = list(range(1000)); f = x.insert", "list.insert", "f(3, 1)"),
    "dict insert": ("d = {i: i for i in range(10)}", "dict.__setitem__", "d['k'] = 'v'"),
    "dict update": ("d = {}; e = {str(i): i for i in range(40)}; f = d.update", "dict.update", "f(e)"),
    "set add": ("s = set(range(4)); f = s.add", "set.add", "f('x')"),
    "pymalloc": ("import _struct; f = _struct.Struct", "'PyMem_Malloc'", "x = f('iii')"),
    "pymalloc, free": ("import _struct; x = _struct.Struct('iii')", "'PyMem_Free'", "x = None"),
    "heap alloc": ("", "'heap alloc'", "x = bytes(5000)"),
    "heap free": ("x = bytes(5000)", "'heap free'", "x = None"),
    "heap realloc": ("x = bytearray(5000); f = x.extend", "'heap realloc'", "f(bytes(9000))"),
    "arena": (  # a frame of more than a chunk of the data stack
        "exec('def f():\\n ' + ';'.join(f'a{i}=0' for i in range(3000)))",
        "'heap memalign'",
        "f.__code__ and f()",
    ),
    "str join": ("w = [str(i) for i in range(60)]; f = ', '.join", "str.join", "f(w)"),
    "str encode": ("s = 'gr\\xfc\\xdfe ' * 20; f = s.encode", "str.encode", "f('utf-8')"),
    "intern": ("import sys; s = ''.join(['q', 'w', '17'])", "sys.intern", "sys.intern(s)"),
    "re match": ("import re; p = re.compile('(a|b|ab)*c'); f = p.match", "type(p).match", "f('ab' * 4)"),
    "json scan": (
        "import json; scan = json.JSONDecoder().scan_once",
        "type(scan).__call__",
        'scan(\'[1, {"a": [2.5, null, "x"]}]\', 0)',
    ),
    "json encode": (
        "import json; v = {'a': [1, 2.5, None, 'x']}; f = json.dumps",
        "json.encoder.c_make_encoder.__dict__['__call__']",
        "f(v)",
    ),
    "collector": ("import gc; c = []; c.append(c); del c", "gc.collect", "gc.collect()"),
    "codec encode": ("v = {'a': [1, 2.5, None, 'x' * 50], 'b': (1, {2, 3})}", "'encode'", "v"),
    "codec decode": ("", "'decode'", "call_tool('t', {})"),
    "compile": (
        "f = compile",
        "compile",
        "x = f('def g(a, *b, c=1): return [a for a in b if a > c]', 'x', 'exec')",
    ),
    "class": ("f = type", "type.__dict__['__call__']", "x = f('C', (dict,), {'m': lambda self: 1})"),
    "import": ("", "'PyImport_ImportModuleLevelObject'", "import colorsys"),
    "sort": ("x = [(i * 7919) % 101 for i in range(100)]; f = x.sort", "list.sort", "f()"),
    "big ints": ("x = 3 ** 400; y = 7 ** 300", "int.__mul__", "x * y"),
    "exception": ("", "KeyError.__str__", "x = str(KeyError('x'))"),
    "generator": ("g = (i for i in range(3)); f = g.send", "type(g).send", "f(None)"),
    "weak reference": ("import weakref\nclass A: pass\na = A()", "weakref.proxy", "x = weakref.proxy(a)"),
    "lock": ("import _thread; lock = _thread.allocate_lock(); f = lock.acquire", "type(lock).acquire", "f()"),
    "sleep": ("import time; f = time.sleep", "time.sleep", "f(0.0001)"),
    "print": ("f = call_tool.__globals__['_enclave'].emit", "f", "f(1, 'said' * 100)"),
}
USUAL = """
import json
class A:
    def __init__(self): self.v = [i * i for i in range(50)]
json.dumps([sum(A().v), 'x'])
"""
FEW = (2, 41)
HALTED = (N.OUTCOME_HALTED, N.HALT_ABORTED, None)


def verify(slot: Any, *about: object) -> None:
    """The slot is what it was at its birth, and serves."""
    slots.settle(slot)
    difference = N.difference(slot.layout[4])
    check(difference < 0, f"the range differs from the snapshot at {difference:#x}", *about)
    got = slots.run(slot, USUAL)
    check(got == (N.OUTCOME_VALUE, 0, '[40425, "x"]'), got, *about)


def stepped(slot: Any, name: str, at: int) -> tuple[slots.Answer, int, int, bool]:
    before, function, act = ACTS[name]
    code = f"step = call_tool.__globals__['_enclave'].step\n{before}\nstep({function}, {at})\n{act}"
    answer = slots.run(slot, code, tool=lambda name: [1, {"a": "b"}])
    return answer, *N.stepped()


def places(slot: Any, name: str, most: int, strides: int) -> Iterable[int]:
    """Which instructions of a function to halt it at."""
    if not most:
        return FEW
    answer, total, halted_at, _ = stepped(slot, name, 1 << 60)
    check(
        answer.outcome == N.OUTCOME_VALUE and total and not halted_at, name, "was not stepped", total, answer
    )
    last = min(total, most)
    return range(1, last + 1, max(1, last // strides) if strides else 1)


def try_function(slot: Any, name: str, most: int, strides: int) -> tuple[int, int, set[int]]:
    halts = left = 0
    addresses = set()
    for at in places(slot, name, most, strides):
        answer, seen, halted_at, there = stepped(slot, name, at)
        if not halted_at:  # shorter than last time
            check(answer.outcome == N.OUTCOME_VALUE and seen < at, name, at, seen, answer)
            continue
        check(answer == HALTED, name, at, hex(halted_at), answer)
        verify(slot, name, at, hex(halted_at))
        halts += 1
        left += there
        addresses.add(halted_at)
    check(halts > 0, name, "was never halted")
    return halts, left, addresses


def main(most: int = 0, strides: int = 0) -> None:
    slot = slots.make()
    # The watchdog's map of what lies where is made when it first presses a halt; some are obeyed before that.
    while not N.counters()["halts_signal"]:
        run_id = slots.begin(slot, "call_tool('here', {})\nimport itertools; sum(itertools.repeat(1))")
        event = slot.next_event(slots.STUCK)
        slot.reply(event[1], True, N.encode(None))
        check(slot.halt(run_id, N.HALT_ABORTED))
        check(slots.answer(slot, run_id) == HALTED)
    halts = left = 0
    addresses: set[int] = set()
    for name in ACTS:
        more, there, new = try_function(slot, name, most, strides)
        halts, left = halts + more, left + there
        addresses |= new
        if most:
            print(f"{name}: {more} halts at {len(new)} addresses, {there} left there and then", flush=True)
    check(slot.close(slots.STUCK))
    check(N.counters()["slots_condemned"] == 0)
    check(left > 0, "none was left at once", halts)
    check(not most or left < halts, "all were left at once", halts)  # of so few they may be
    print(f"{len(ACTS)} functions, {halts} halts, {len(addresses)} addresses, {left} left there and then")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
