"""What hash objects hold outside the range: a checkpoint brings it back whole, a rewind frees it, the account knows it.

In children: without these promises a guest writes to freed memory of the process.
"""

from __future__ import annotations

import sys

import pytest
from foreign import FREED, program
from slots import child

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
    ended = child(THERE_AND_BACK, rewind, env=FREED)
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
    ended = child(TWO_MARKS, env=FREED)
    ended.check()
    [said] = ended.reports
    assert said["found"] == [[[], True]] * 9
    assert said["closed"]
    assert said["lost"] == 0


AT_RANDOM = program("""
import random
seed, steps = int(sys.argv[1]), int(sys.argv[2])
chance = random.Random(seed)
slot = make(rewind=chance.choice(["auto", "remap"]))
value(slot, KINDS + "hs.clear()\\nobjects = {}")
kinds = value(slot, "list(make)")
model, number, halted = {}, 0, 0  # objects: (kind, parts)

def some(count):
    return chance.sample(sorted(model), min(len(model), count))

def change():
    # A few statements for the guest; the model follows.
    global number
    code = []
    for _ in range(chance.randrange(1, 6)):
        what = chance.randrange(5)
        if what == 0 or not model:
            for _ in range(chance.randrange(1, 8)):
                number += 1
                kind = chance.choice(kinds)
                model[number] = kind, []
                code.append(f"objects[{number}] = make[{kind!r}]()")
        elif what == 1:
            for one in some(3):
                number += 1
                model[number] = model[one][0], [*model[one][1]]
                code.append(f"objects[{number}] = objects[{one}].copy()")
        elif what == 2:
            for one in some(chance.randrange(1, 12)):
                del model[one]
                code.append(f"del objects[{one}]")
        else:
            for one in some(chance.randrange(1, 6)):
                part = chance.randbytes(chance.choice([1, 30, 200, 3000]))
                model[one][1].append(part)
                code.append(f"objects[{one}].update({part!r})")
    return "\\n".join(code)

def saved():
    return {one: (kind, [*parts]) for one, (kind, parts) in model.items()}

def look():
    expected = {one: (kind, b"".join(parts)) for one, (kind, parts) in model.items()}
    got = run(slot, "unlike(expected)", keep=True, variables={"expected": expected})
    if got[:2] != (N.OUTCOME_VALUE, 0) or got.value:
        raise AssertionError((seed, got))

value(slot, '''
def unlike(expected):
    found = [one for one in objects if one not in expected]
    for one, (kind, data) in expected.items():
        h = make[kind]()
        h.update(data)
        if digest(kind, objects[one]) != digest(kind, h):
            found.append(one)
    return found
''')
first = slot.checkpoint()
marks = {first: {}}  # what each checkpoint knows
for step in range(steps):
    what = chance.randrange(12)
    if what < 5:
        value(slot, change())
    elif what < 7 and len(marks) < 6:
        marks[slot.checkpoint()] = saved()
    elif what < 9:
        mark = chance.choice(list(marks))
        slot.restore(mark)
        model = {one: (kind, [*parts]) for one, (kind, parts) in marks[mark].items()}
    elif what < 10 and len(marks) > 2:
        mark = chance.choice([one for one in marks if one != first])
        slot.forget(mark)
        del marks[mark]
    else:
        mark = chance.choice(list(marks))
        got = run(slot, change() + "\\nwhile True: objects[0] = [h.copy() for h in objects.values()]\\n", keep=True,
                  fall_back=mark, timeout=chance.choice([0.0005, 0.001, 0.003]))
        model = {one: (kind, [*parts]) for one, (kind, parts) in marks[mark].items()}
        settle(slot)
        halted += got.outcome == N.OUTCOME_HALTED
    if step % 4 == 0:
        look()
look()
slot.restore(0)
report(halted=halted, closed=slot.close(20.0), lost=N.counters()["states_lost"])
""")


def test_as_a_model_says() -> None:
    ended = child(AT_RANDOM, "1", "120", env=FREED)
    ended.check()
    [said] = ended.reports
    assert said["halted"] > 3
    assert said["closed"]
    assert said["lost"] == 0


LEFT_BEHIND = program("""
# 2,000 objects a run, at 140 bytes and more each.
slot = make()
code = KINDS + "left = [f() for _ in range(2000 // len(make)) for f in make.values()]\\n"
code += "copies = [h.copy() for h in left]"
after = []
for rounds in (2, 4):
    for _ in range(rounds):
        if run(slot, code)[:2] != (N.OUTCOME_VALUE, 0):
            raise AssertionError
    settle(slot)
    after.append(outside())
runs = after[1] - after[0]
# Sessions: checkpoints that come and go.
after.clear()
value(slot, KINDS)
for rounds in (2, 4):
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
    for rounds in (1, 1):
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
    for _ in range(20):
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
    assert max(said["grown"].values()) < 20 * 2048, said
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
import bz2, random
data = random.Random(1).randbytes(50_000)
packed = bz2.compress(data)
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
same = value(slot, "[d.decompress(packed[-100:]) for d in (one, other)]") == [data, data]
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
    assert said["held"] >= max(said["real"], 8 * 3_000_000), said
    assert said["halted"] == said["memory"]
    assert said["grown"] < 1_000_000, said
    assert said["same"]
    # THEN there is no way back to what is gone, and the worker is given up
    assert said["ends"] == ["the worker could not be rewound"] * 2
    assert said["lost"] == 0


BROKEN = program("""
# A guest that writes where it must not: into the state of a decompressor, but for its first word.
slot = make()
got = run(slot, '''
import bz2, ctypes
d = bz2.BZ2Decompressor()
state = ctypes.c_void_p.from_address(id(d) + 64).value
ctypes.memset(state + 8, 0x41, 64_000)
len(ctypes.string_at(state, 8))
''', keep=sys.argv[1] == "kept")
closed = slot.close(20.0)
other = make()
report(value=got.value, closed=closed, lost=N.counters()["states_lost"] >= 1, other=run(other, "1 + 1").value)
""")


@pytest.mark.skipif(
    sys.version_info < (3, 13), reason="_ctypes does not load in isolated interpreters of 3.12"
)
@pytest.mark.parametrize("how", ["rewound", "kept"])
def test_a_crash_in_the_freeing_costs_the_worker(how: str) -> None:
    # GIVEN a state that its module cannot free any more WHEN the run is undone or the worker ends THEN the host lives
    ended = child(BROKEN, how)
    ended.check()
    [said] = ended.reports
    assert said["value"] == 8
    assert said["closed"]
    assert said["lost"]
    assert said["other"] == 2


SESSION = """
import hashlib
from enclave_subinterp import Enclave
with Enclave() as enclave, enclave.session() as session:
    session.run("import hashlib\\nhs = [hashlib.sha256(b'x') for _ in range(1000)]")
    checkpoint = session.checkpoint()
    session.run("del hs[:]")
    session.restore(checkpoint)
    got = session.run("for h in hs:\\n    h.update(b'y')\\nsorted({h.hexdigest() for h in hs})")
    report(value=got.value, expected=[hashlib.sha256(b"xy").hexdigest()])
"""


def test_a_session() -> None:
    ended = child(SESSION, env=FREED)
    ended.check()
    assert ended.reports[0]["value"] == ended.reports[0]["expected"]


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
