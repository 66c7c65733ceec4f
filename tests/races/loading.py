"""A library is loaded while the core looks for what calls libc's locks: `loading.py lazy|now LIBRARY`.

The loader has listed `LIBRARY`, built of slow_to_load.c, and waits in it before it fills in the addresses of what it
calls.  Whatever the core does then, the library works once it is loaded, and is covered by the next look.
"""

from __future__ import annotations

import _hashlib
import ctypes
import faulthandler
import os
import sys
import threading
from pathlib import Path

from stages import STUCK, check, native

N = native()
TELL, HEAR = 198, 199  # as in slow_to_load.c
LOCKS = ("pthread_mutex_lock", "pthread_mutex_unlock")
BINDING = {"lazy": os.RTLD_LAZY, "now": os.RTLD_NOW}


def ranges(path: str, mode: str = "") -> list[range]:
    """What is mapped of a file."""
    lines = [line.split() for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()]
    found = [fields[0].split("-") for fields in lines if fields[-1] == path and fields[1].startswith(mode)]
    return [range(int(first, 16), int(last, 16)) for first, last in found]


def calls_of_the_core(library: str) -> int:
    """Addresses of the core's in the library's data: of the functions that it calls."""
    core = ranges(N.__file__)
    words = (
        int.from_bytes(ctypes.string_at(at, 8), sys.byteorder)
        for one in ranges(library, "rw")
        for at in one[::8]
    )
    return sum(any(word in one for one in core) for word in words)


def look() -> None:
    """Have the core look at all that is loaded."""
    check(N.approve_extension("_hashlib", _hashlib, True) is None)


def main(binding: str, library: str) -> None:
    faulthandler.dump_traceback_later(STUCK, exit=True)
    (told, tell), (hear, go) = os.pipe(), os.pipe()
    os.dup2(tell, TELL)
    os.dup2(hear, HEAR)
    look()
    libc = ctypes.CDLL(None)
    libc.dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    libc.dlopen.restype = ctypes.c_void_p
    handles: list[int | None] = []
    loader = threading.Thread(target=lambda: handles.append(libc.dlopen(library.encode(), BINDING[binding])))
    loader.start()
    os.read(told, 1)
    look()
    os.write(go, b"\0")
    loader.join()
    check(handles[0] is not None, "it was not loaded")
    loaded = ctypes.CDLL(library)
    check(loaded.use() == 0)
    look()
    check(calls_of_the_core(library) == len(LOCKS), "it is not covered")
    check(loaded.use() == 0)
    print(binding)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
