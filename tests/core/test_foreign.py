"""What hash objects hold outside the range: a checkpoint brings it back whole, a rewind frees it, the account knows it.

In children: without these promises a guest writes to freed memory of the process.
"""

from __future__ import annotations

import sys
import textwrap

import pytest
from slots import child

# Every kind of object, in the guest: how to make one, and what its digest is.
KINDS = """
import gc, hashlib, hmac, _md5, _sha1, _sha2, _sha3, _blake2
make = {
    "HASH": hashlib.sha256, "HASH new": lambda: hashlib.new("sha512"), "HASH given": lambda: hashlib.md5(b"x"),
    "HASH large": lambda: hashlib.sha256(b"x" * 10_000), "HASH buffer": lambda: hashlib.sha1(bytearray(b"x")),
    "HASHXOF": hashlib.shake_256, "HMAC": lambda: hmac.new(b"key", digestmod="sha256")._hmac,
    "md5": _md5.md5, "sha1": _sha1.sha1, "sha224": _sha2.sha224, "sha256": _sha2.sha256, "sha384": _sha2.sha384,
    "sha512": _sha2.sha512, "sha3": _sha3.sha3_256, "shake": _sha3.shake_128,
    "blake2b": lambda: _blake2.blake2b(key=b"key"), "blake2s": _blake2.blake2s,
}
try:
    import _hmac
    make["builtin HMAC"] = lambda: _hmac.new(b"key", None, "sha3_256")
except ImportError:
    pass
shakes = {"HASHXOF", "shake"}

def digest(name, h):
    return h.digest(20) if name in shakes else h.digest()

def expected(name, *parts):
    h = make[name]()
    for part in parts:
        h.update(part)
    return digest(name, h)

def wrong(*parts):
    return [name for name, all in hs.items() for h in all if digest(name, h) != expected(name, *parts)]

def change(part):
    for all in hs.values():
        for h in all:
            h.update(part)

hs = {name: [f() for _ in range(40)] for name, f in make.items()}
"""

HEAD = (
    """
import ctypes

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena a b c mapped d e used f g".split()]

mallinfo = ctypes.CDLL(None).mallinfo2
mallinfo.restype = Info

def outside():
    info = mallinfo()
    return info.used + info.mapped

N = native()
KINDS = """
    + repr(KINDS)
    + """

def value(slot, code):
    got = run(slot, code, keep=True)
    if got[:2] != (N.OUTCOME_VALUE, 0):
        raise AssertionError(got)
    return got.value
"""
)


def program(text: str) -> str:
    return HEAD + textwrap.dedent(text)


THERE_AND_BACK = program("""
slot = make(rewind=sys.argv[1])
value(slot, KINDS)
value(slot, "change(b'a')")
mark = slot.checkpoint()
ways = {
    "gone": "hs.clear()",
    "changed": "change(b'b')",
    "changed, then gone": "change(b'b')\\nhs.clear()",
    "copied": "more = [h.copy() for all in hs.values() for h in all]\\n[h.update(b'c') for h in more]\\nhs.clear()",
    "in cycles": "for all in hs.values():\\n    all.append(all)\\nhs.clear()\\ndel all\\ngc.collect()",
    "replaced": "hs = {name: [f() for _ in all] for (name, f), all in zip(make.items(), hs.values())}\\nchange(b'd')",
    "untouched": "1",
}
found = {}
for name, code in ways.items():
    value(slot, code)
    slot.restore(mark)
    # What is written to memory that was freed shows by what is put there now.
    value(slot, "noise = [f() for _ in range(40) for f in make.values()]\\n[h.update(b'n' * 500) for h in noise]")
    at_once = value(slot, "wrong(b'a')")
    value(slot, "change(b'e')")
    found[name] = at_once, value(slot, "wrong(b'a', b'e')"), value(slot, "len(hs) == len(make)")
    slot.restore(mark)
report(found=found, closed=slot.close(20.0), lost=N.counters()["states_lost"])
""")


@pytest.mark.parametrize("rewind", ["auto", "remap"])
def test_a_checkpoint_brings_states_back_as_they_were(rewind: str) -> None:
    # GIVEN objects of every kind at a checkpoint WHEN they are freed, changed, copied and exchanged, and it is put back
    ended = child(THERE_AND_BACK, rewind)
    ended.check()
    [said] = ended.reports
    # THEN they have the content that they had, and go on from there
    assert list(said["found"].values()) == [[[], [], True]] * 7
    assert said["closed"]
    assert said["lost"] == 0


TWO_MARKS = program("""
slot = make()
value(slot, KINDS)
value(slot, "change(b'1')")
first = slot.checkpoint()
value(slot, "change(b'2')\\nfor all in hs.values(): del all[20:]")
second = slot.checkpoint()
third = slot.checkpoint()
value(slot, "change(b'3')\\nhs.clear()")
found = []
def check(mark, count, *parts):
    slot.restore(mark)
    counted = value(slot, f"[len(all) for all in hs.values()] == [{count}] * len(make)")
    found.append([value(slot, f"wrong{parts!r}"), counted])
    value(slot, "change(b'4')\\nfor all in hs.values(): del all[:10]")
check(first, 40, b"1", b"")
check(second, 20, b"1", b"2")
slot.forget(second)
check(third, 20, b"1", b"2")
check(first, 40, b"1", b"")
slot.forget(first)
check(third, 20, b"1", b"2")
slot.restore(0)
slot.restore(third)
slot.forget(third)
found.append([value(slot, "wrong(b'1', b'2')"), True])
# WHEN a run is halted in the midst of all that
value(slot, "many = [f() for _ in range(300) for f in make.values()]")
fourth = slot.checkpoint()
much = "change(b'x')\\n  [h.update(b'y' * 3000) for h in many]"
for code in ("many.clear()", much, "many = [h.copy() for h in many]"):
    got = run(slot, f"while True:\\n  {code}", timeout=0.01, keep=True, fall_back=fourth)
    whole = value(slot, "len(many) == 300 * len(make)") and got.detail == N.HALT_TIMEOUT
    found.append([value(slot, "wrong(b'1', b'2')"), whole])
report(found=found, closed=slot.close(20.0), lost=N.counters()["states_lost"])
""")


def test_checkpoints_that_know_the_same_states() -> None:
    ended = child(TWO_MARKS)
    ended.check()
    [said] = ended.reports
    assert said["found"] == [[[], True]] * 9
    assert said["closed"]
    assert said["lost"] == 0


LEFT_BEHIND = program("""
# 2,000 objects a run, at 140 bytes and more each.
slot = make()
code = KINDS + "left = [f() for _ in range(2000 // len(make)) for f in make.values()]\\n"
code += "copies = [h.copy() for h in left]"
after = []
for rounds in (2, 6):
    for _ in range(rounds):
        if run(slot, code)[:2] != (N.OUTCOME_VALUE, 0):
            raise AssertionError
    settle(slot)
    after.append(outside())
runs = after[1] - after[0]
# Sessions: checkpoints that come and go.
after.clear()
value(slot, KINDS)
for rounds in (2, 6):
    for _ in range(rounds):
        value(slot, "left = [f() for _ in range(100) for f in make.values()]")
        mark = slot.checkpoint()
        value(slot, "change(b'x')\\nleft.clear()")
        slot.restore(mark)
        value(slot, "[h.update(b'y') for h in left]")
        slot.forget(mark)
    slot.restore(0)
    value(slot, KINDS)
    after.append(outside())
sessions = after[1] - after[0]
slot.close(20.0)
# Slots that end with such objects alive: in order, closed in a run, crashed.
ends = {}
for how in ("closed", "closed in a run", "crashed"):
    after.clear()
    for rounds in (1, 2):
        for _ in range(rounds):
            slot = make()
            value(slot, code)
            mark = slot.checkpoint()
            value(slot, "change(b'x')")
            if how == "closed in a run":
                begin(slot, "left += [h.copy() for h in left]\\nwhile True: pass", keep=True)
            elif how == "crashed":
                got = run(slot, "import os\\nleft += [h.copy() for h in left]\\nos.abort()", keep=True)
                if got.outcome != N.OUTCOME_CRASHED:
                    raise AssertionError(got)
            if not slot.close(20.0):
                raise AssertionError(how)
        after.append(outside())
    ends[how] = after[1] - after[0]
report(runs=runs, sessions=sessions, ends=ends, lost=N.counters()["states_lost"])
""")


def test_states_are_freed_with_what_held_them() -> None:
    ended = child(LEFT_BEHIND)
    ended.check()
    [said] = ended.reports
    # THEN of what would be 280 KB and more each time next to nothing stays
    assert said["runs"] < 50_000, said
    assert said["sessions"] < 50_000, said
    assert max(said["ends"].values()) < 100_000, said
    assert said["lost"] == 0


HALTED = program("""
slot = make()
value(slot, KINDS)
mark = slot.checkpoint()
programs = {
    "makes": "for f in make.values(): f()",
    "keeps": "kept = [f() for _ in range(50) for f in make.values()]",
    "copies": "for all in hs.values(): [h.copy() for h in all]",
    "changes": "change(b'x' * 1000)",
    "changes much": "change(bytes(3_000_000))",
    "frees": "kept = [f() for _ in range(300) for f in make.values()]\\n  del kept[:]",
    "makes of much": "hashlib.sha256(bytes(20_000_000))",
    "derives": "hashlib.pbkdf2_hmac('sha256', b'x', b'y', 1000)",
}
def once(code):
    got = run(slot, f"while True:\\n  {code}", timeout=0.004, keep=True, fall_back=mark)
    if (got.outcome, got.detail) != (N.OUTCOME_HALTED, N.HALT_TIMEOUT):
        raise AssertionError((code, got))
    return value(slot, "wrong()")
found, grown = {}, {}
for name, code in programs.items():
    found[name] = once(code)
    before = outside()
    for _ in range(5):
        found[name] += once(code)
    grown[name] = outside() - before
counts, closed = N.counters(), slot.close(20.0)
report(found=found, grown=grown, lost=counts["states_lost"], condemned=counts["slots_condemned"], closed=closed)
""")


def test_halts_in_the_midst_of_it() -> None:
    ended = child(HALTED)
    ended.check()
    [said] = ended.reports
    assert set(map(tuple, said["found"].values())) == {()}, said
    # THEN a halt loses at most the one state that was being made
    assert max(said["grown"].values()) < 5 * 2048, said
    assert said["closed"]
    assert said["lost"] == said["condemned"] == 0


ACCOUNT = program("""
slot = make(memory_limit=40 * MB)
value(slot, KINDS)
each = {}
for name in value(slot, "list(make)"):
    # What the interpreter then keeps for the next is its own.
    value(slot, f"left = [make[{name!r}]() for _ in range(2000)]\\ndel left")
    before = slot.memory()[0]
    value(slot, f"left = [make[{name!r}]() for _ in range(2000)]")
    held, real = slot.memory()[0] - before, outside()
    value(slot, "del left")
    each[name] = [held // 2000, (real - outside()) // 2000, slot.memory()[0] - before]
halted = run(slot, "left = [hashlib.sha256() for _ in range(60_000)]")
settle(slot)
after = run(slot, "1 + 1")
report(each=each, halted=halted[:2], memory=[N.OUTCOME_HALTED, N.HALT_MEMORY], after=after.value)
""")


def test_the_account_knows_them() -> None:
    ended = child(ACCOUNT)
    ended.check()
    [said] = ended.reports
    for name, (held, real, left) in said["each"].items():
        # THEN the account has what the process has given, and has it no more when they have gone
        assert held >= real, (name, said)
        assert abs(left) < 200_000, (name, said)
    assert said["halted"] == said["memory"]
    assert said["after"] == 2


NO_COPIES = program("""
import bz2
packed = bz2.compress(bytes(range(256)) * 4000)
code = f"import bz2\\npacked = {packed!r}\\n" + '''
def begun():
    d = bz2.BZ2Decompressor()
    d.decompress(packed[:-100], 1000)
    return d
'''
# They are counted, and go with the run.
slot = make()
value(slot, code)
before, real = slot.memory()[0], outside()
value(slot, "held = [begun() for _ in range(8)]")
held, real = slot.memory()[0] - before, outside() - real
halted = run(slot, "held = [begun() for _ in range(30)]", keep=True)
settle(slot)
grown = outside()
for _ in range(3):
    run(slot, code + "held = [begun() for _ in range(8)]")
settle(slot)
grown = outside() - grown
# A checkpoint holds them as long as they are not changed.
value(slot, code + "one, other = begun(), begun()")
mark = slot.checkpoint()
value(slot, "more = begun()\\nmore.decompress(b'', 1000)\\ndel more")
slot.restore(mark)
same = value(slot, "len(begun().decompress(b'', 10 ** 6))")
slot.restore(0)
slot.close(20.0)
ends = []
for change in ("one.decompress(b'')", "del one"):
    slot = make()
    value(slot, code + "one = begun()")
    mark = slot.checkpoint()
    value(slot, change)
    try:
        slot.restore(mark)
    except N.NativeError as error:
        ends.append(str(error))
    slot.close(20.0)
report(held=held, real=real, halted=halted[:2], memory=[N.OUTCOME_HALTED, N.HALT_MEMORY], grown=grown, same=same,
       ends=ends, lost=N.counters()["states_lost"])
""")


def test_what_cannot_be_copied() -> None:
    ended = child(NO_COPIES)
    ended.check()
    [said] = ended.reports
    assert said["held"] >= said["real"] > 8 * 3_000_000, said
    assert said["halted"] == said["memory"]
    assert said["grown"] < 1_000_000, said
    assert said["same"] > 100_000
    # THEN there is no way back to what is gone, and the worker is given up
    assert said["ends"] == ["the worker could not be rewound"] * 2
    assert said["lost"] == 0


def test_every_module_is_known() -> None:
    # GIVEN this version's modules WHEN slots are to have them THEN each of their types and functions is known
    ended = child("""
import importlib
from enclave_subinterp import _native
found = {}
for name in "_bz2 _hashlib _md5 _sha1 _sha2 _sha3 _blake2 _hmac _zstd".split():
    try:
        found[name] = _native.approve_extension(name, importlib.import_module(name), True)
    except ImportError:
        pass
report(found=found)
""")
    ended.check()
    found = ended.reports[0]["found"]
    assert found == dict.fromkeys(found, None)
    assert len(found) >= 7


ROUND_ABOUT = program("""
# A module of the guest's own making: its functions are taken out before it is executed, and it is executed twice.
slot = make()
value(slot, '''
import importlib.util
made = []
for name, maker in ("_md5", "md5"), ("_hashlib", "openssl_sha256"), ("_sha3", None):
    spec = importlib.util.find_spec(name)
    module = importlib.util.module_from_spec(spec)
    if maker is not None:
        function = vars(module).pop(maker)
    vars(module)["HASH"] = vars(module)["sha3_256"] = type("Other", (), {})
    try:
        spec.loader.exec_module(module)
    except AttributeError:  # _hashlib misses its function, and is half there
        try:
            function()
        except SystemError as error:
            refused = str(error)
        continue
    if maker is None:
        function = module.sha3_256
    made += [function() for _ in range(100)]
    spec.loader.exec_module(module)
    made += [function() for _ in range(100)]
''')
mark = slot.checkpoint()
expected = value(slot, "[h.hexdigest() for h in made]")
value(slot, "[h.update(b'x') for h in made]\\ndel made[:300]")
slot.restore(mark)
value(slot, "noise = [h.copy() for h in made]\\n[h.update(b'n' * 500) for h in noise]")
same = value(slot, "[h.hexdigest() for h in made]") == expected
report(same=same, count=len(expected), refused=value(slot, "refused"))
""")


def test_no_way_of_importing_goes_round() -> None:
    ended = child(ROUND_ABOUT)
    ended.check()
    assert ended.reports[0]["same"]
    assert ended.reports[0]["count"] == 400
    assert "nothing is known" in ended.reports[0]["refused"]


UNKNOWN = """
import _md5, _sha1
from enclave_subinterp import _native
_md5.something = type("Something", (), {})
answers = [_native.approve_extension(module.__name__, module, True) for module in (_md5, _sha1)]
code = '''
import hashlib
try:
    import _md5
except ImportError:
    found = hashlib.md5(b"").hexdigest()
found
'''
report(answers=answers, value=run(make(), code).value)
"""


def test_a_module_that_is_not_as_expected_is_not_for_slots() -> None:
    ended = child(UNKNOWN)
    ended.check()
    wrong, right = ended.reports[0]["answers"]
    assert "an unknown type" in wrong
    assert right is None
    assert ended.reports[0]["value"] == "d41d8cd98f00b204e9800998ecf8427e"


MODULE_GONE = program("""
# What a module's state shares with the whole process is not given back by a run that is undone.
import hashlib
slot = make()
drop = '''
import gc, sys, weakref, hashlib, hmac, _hashlib
gc.unfreeze()  # a module that was loaded in the run needs none
seen = weakref.ref(_hashlib)
for name in "hashlib", "hmac", "_hashlib":
    vars(sys.modules.pop(name)).clear()
del hashlib, hmac, _hashlib
gc.collect()
seen() is None
'''
value(slot, "import hashlib, hmac\\nhashlib.sha384(), hashlib.new('sha3_384'), hmac.new(b'k', b'', 'sha384')\\n1")
mark = slot.checkpoint()
gone = []
for _ in range(50):
    gone.append(value(slot, drop))
    slot.restore(mark)
digests = [hashlib.new(name, b"x").hexdigest() for name in ("sha384", "sha3_384")]
inside = value(slot, "[hashlib.new(name, b'x').hexdigest() for name in ('sha384', 'sha3_384')]")
report(same=digests == inside, gone=gone, closed=slot.close(20.0))
""")


def test_a_module_that_goes_again_and_again() -> None:
    ended = child(MODULE_GONE)
    ended.check()
    assert ended.reports[0]["same"]
    assert ended.reports[0]["gone"] == [True] * 50


EXECUTOR = """
from enclave_subinterp import EnclaveExecutor
import foreign_tasks as tasks
begin, look, change = (getattr(tasks, name) for name in sys.argv[1:])
begin()
right, same, halted = look(), [], 0
with EnclaveExecutor(max_workers=1, initializer=begin) as executor:
    for _ in range(3):
        same.append(executor.submit(look).result() == right)
        try:
            executor.options(timeout=0.05).submit(change).result()
        except Exception as error:
            halted += "imeout" in type(error).__name__
report(same=same, halted=halted)
"""


@pytest.mark.parametrize(
    "tasks",
    [
        ("keep_hashes", "digests", "change_hashes"),
        pytest.param(
            ("keep_compressor", "compressed", "change_compressor"),
            marks=pytest.mark.skipif(sys.version_info < (3, 14), reason="zstd came with Python 3.14"),
        ),
    ],
    ids=["hashes", "zstd"],
)
def test_what_an_initializer_keeps(tasks: tuple[str, str, str]) -> None:
    # GIVEN a worker whose initializer keeps such objects WHEN tasks change and drop them, and are halted
    ended = child(EXECUTOR, *tasks)
    ended.check()
    # THEN the next finds them as the initializer left them
    assert ended.reports[0]["same"] == [True] * 3
    assert ended.reports[0]["halted"] == 3
