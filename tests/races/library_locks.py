"""Halts while OpenSSL holds a lock of the process: `library_locks.py steps|kills|crashes MOST`.

A guest computes with `hashlib` in ways that ask OpenSSL for the algorithm each time.  `steps`: it is halted at the n-th
instruction after it began to take a lock, and asked again at each one from there on.  `kills`: it is halted at random
moments.  `crashes`: its thread faults at the n-th instruction.  The first signal may leave a library here, not the
twelfth.  Were it left with a lock held, the host, which takes those locks again after each halt, would wait for ever.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import hashlib
import itertools
import random
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "core"))
import slots
from stages import check, native

N = native()
STRIKES = 8  # ENC_PART_STRIKES
HALTED = (N.OUTCOME_HALTED, N.HALT_ABORTED, None)
AT = 34, 48  # instructions: the first, the stride; the first lock is held for some hundred
# For a name that it does not know OpenSSL asks its providers anew, with the tables locked for writing.
STEP = """
import _hashlib
f = _hashlib.pbkdf2_hmac
step = call_tool.__globals__['_enclave'].step
step('pthread_rwlock_wrlock', {at}, True, {crash})
f('unknown{at}', b'', b'', 1)
"""
# One call to the interpreter: there is no safe point before its end.
LOOP = """
import _hashlib
from collections import deque
from itertools import repeat
call_tool('here', {})
deque(map(_hashlib.pbkdf2_hmac, repeat('sha256'), repeat(b''), repeat(b''), repeat(1)), 0)
"""


def shared_openssl() -> ctypes.CDLL | None:
    """OpenSSL's own functions, where it is not a part of `_hashlib`."""
    words = Path("/proc/self/maps").read_text(encoding="utf-8").split()
    path = next((word for word in words if "/libcrypto" in word), None)
    if path is None:
        return None
    crypto = ctypes.CDLL(path)
    crypto.EVP_MD_fetch.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p)
    crypto.EVP_MD_fetch.restype = ctypes.c_void_p
    crypto.EVP_MD_free.argtypes = (ctypes.c_void_p,)
    return crypto


CRYPTO = shared_openssl()
numbers = itertools.count()


def use() -> None:
    """Take the locks, also for writing: what is asked for was never asked for before."""
    if CRYPTO is not None:
        found = CRYPTO.EVP_MD_fetch(None, b"SHA2-256", b"?enclave.n=%d" % next(numbers))
        check(bool(found), "no algorithm")
        CRYPTO.EVP_MD_free(found)
    hashlib.new("sha512", b"x", usedforsecurity=False)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 1)
    with contextlib.suppress(ValueError):
        hashlib.pbkdf2_hmac("unknown to all", b"", b"", 1)


def steps(most: int) -> None:
    slot = slots.make()
    there = 0
    for at in range(AT[0], most, AT[1]):
        answer = slots.run(slot, STEP.format(at=at, crash=False))
        _, halted_at, left = N.stepped()
        check(halted_at != 0 and answer == HALTED, at, hex(halted_at), answer)
        there += left  # else the watchdog's signal was the first that could leave it
        use()
    check(there > 0, "none was left by a step")
    check(slot.close(slots.STUCK))
    print(f"steps: {len(range(AT[0], most, AT[1]))}")


def crashes(most: int) -> None:
    places = range(sum(AT), most, AT[1])  # not in the function that takes the lock: there it is not held yet
    for at in places:
        slot = slots.make()
        answer = slots.run(slot, STEP.format(at=at, crash=True))
        _, at_address, _ = N.stepped()
        check(answer == (N.OUTCOME_CRASHED, signal.SIGSEGV, None), at, hex(at_address), answer)
        use()
        check(slot.close(slots.STUCK))
    print(f"crashes: {len(places)}")


def kills(most: int) -> None:
    slot = slots.make()
    chance = random.Random(1)
    over = threading.Event()

    def go_on() -> None:
        while not over.is_set():
            use()

    busy = threading.Thread(target=go_on)
    busy.start()
    for n in range(most):
        run_id = slots.begin(slot, LOOP)
        event = slot.next_event(slots.STUCK)
        check(event is not None and event[0] == N.EVENT_TOOL_CALL, n, event)
        slot.reply(event[1], True, N.encode(None))
        end = time.perf_counter() + chance.random() * 0.0005
        while time.perf_counter() < end:
            pass
        check(slot.halt(run_id, N.HALT_ABORTED))
        check(slots.answer(slot, run_id) == HALTED)
    over.set()
    busy.join()
    check(slot.close(slots.STUCK))
    print(f"kills: {most}")


def main(kind: str, most: int) -> None:
    faulthandler.dump_traceback_later(3 * slots.STUCK, exit=True)  # what waits with the GIL cannot tell
    N.do_without(STRIKES)
    {"steps": steps, "kills": kills, "crashes": crashes}[kind](most)
    check(N.counters()["slots_condemned"] == 0)
    check(kind == "crashes" or N.counters()["halts_signal"] > 0, "none was left by the signal")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
