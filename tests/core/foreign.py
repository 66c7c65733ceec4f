"""For programs about objects that hold memory outside the range: every kind of them, and what libc has given."""

from __future__ import annotations

import textwrap

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


FREED = {"MALLOC_PERTURB_": "165"}  # libc writes over what is freed


def program(text: str) -> str:
    return HEAD + textwrap.dedent(text)
