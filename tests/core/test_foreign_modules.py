"""Modules whose objects hold memory outside the range: all of them is known, and there is no way round that."""

from __future__ import annotations

from foreign import FREED, program
from slots import child


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
value(slot, "noise = [h.copy() for h in made]\\n[h.update(b'n' * 200) for h in noise]")
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
for _ in range(20):
    gone.append(value(slot, drop))
    slot.restore(mark)
digests = [hashlib.new(name, b"x").hexdigest() for name in ("sha384", "sha3_384")]
inside = value(slot, "[hashlib.new(name, b'x').hexdigest() for name in ('sha384', 'sha3_384')]")
report(same=digests == inside, gone=gone, closed=slot.close(20.0))
""")


def test_a_module_that_goes_again_and_again() -> None:
    ended = child(MODULE_GONE, env=FREED)
    ended.check()
    assert ended.reports[0]["same"]
    assert ended.reports[0]["gone"] == [True] * 20
