"""The children that tests/guard counts in: `counted.py pristine|kept|allocations|copies|pages`."""

from __future__ import annotations

import ctypes
import dataclasses
import gc
import json
import os
import statistics
import sys
from typing import Any

from counting import TRACED_RUNS

from enclave_subinterp import Enclave, EnclaveExecutor, WorkerPoolPresets

MIB = 1 << 20
PAGE = 4096
BEGIN, END = -1000, -1001  # what the tracer takes for its marks


def enclave(*, pristine: bool) -> Enclave:
    """With one worker, that nothing replaces and nothing looks at."""
    config = dataclasses.replace(
        WorkerPoolPresets.STANDARD,
        min_workers=1,
        max_workers=1,
        max_executions_per_worker=10**9,
        memory_check_interval=3600.0,
    )
    return Enclave(worker_pool_config=config, pristine=pristine, timeout=60)


def traced(*, pristine: bool) -> None:
    """Runs between two marks, with all threads on one processor: what is spun for otherwise is waited for."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    close = ctypes.CDLL(None).close
    with enclave(pristine=pristine) as made:
        for _ in range(100):
            made.run("1+1").unwrap()
        close(BEGIN)
        for _ in range(TRACED_RUNS):
            made.run("1+1").unwrap()
        close(END)


def allocations() -> dict[str, float]:
    """The least of many runs: a wait that was interrupted takes one more, an empty free list some."""
    counts = ctypes.PyDLL(os.environ["LD_PRELOAD"])
    taken = (ctypes.c_uint64 * 2)()
    found, sizes = [], []
    with enclave(pristine=True) as made:
        counts.counts_hook()
        for _ in range(200):
            made.run("1+1").unwrap()
        gc.disable()
        blocks = sys.getallocatedblocks()
        for _ in range(200):
            counts.counts_begin()
            made.run("1+1")
            counts.counts_end(taken)
            found.append(taken[0])
            sizes.append(taken[1])
        left = sys.getallocatedblocks() - blocks - 400  # the figures themselves
    return {
        "allocations": min(found),
        "bytes allocated": min(sizes),
        "blocks left after 200 runs": max(left, 0),
    }


def value_of(library: ctypes.CDLL, name: str, kind: Any) -> Any:
    """A variable of the preloaded library."""
    return kind.in_dll(library, name)


def copies() -> dict[str, float]:
    """Bytes that are copied in pieces of a sixteenth of the message or more."""
    counts = ctypes.CDLL(os.environ["LD_PRELOAD"])
    least = value_of(counts, "counts_copy_least", ctypes.c_size_t)
    copied = value_of(counts, "counts_copied_bytes", ctypes.c_uint64)
    least.value = MIB // 16
    data = bytes(range(256)) * (MIB // 256)
    scripts: dict[str, tuple[str, dict[str, Any] | None]] = {
        "in": ("len(x)", {"x": data}),
        "out": (f"bytes({MIB})", None),
        "in as text": ("len(x)", {"x": "a" * MIB}),
        "out as text": (f"'a' * {MIB}", None),
    }
    found = {}
    with enclave(pristine=False) as made:
        for name, (script, variables) in scripts.items():
            for _ in range(3):
                made.run(script, globals=variables).unwrap()
            copied.value = 0
            for _ in range(5):
                made.run(script, globals=variables).unwrap()
            found[f"script, 1 MiB {name}"] = round(copied.value / 5 / MIB, 2)
    with EnclaveExecutor(1) as executor:
        for name, task, argument in (("in", len, data), ("out", bytes, MIB)):
            for _ in range(3):
                executor.submit(task, argument).result()
            copied.value = 0
            for _ in range(5):
                executor.submit(task, argument).result()
            found[f"task, 1 MiB {name}"] = round(copied.value / 5 / MIB, 2)
    return found


def pages() -> dict[str, float]:
    """What is copied into the slot's range from outside it, but for messages, which are small here."""
    from enclave_subinterp import _native

    counts = ctypes.CDLL(os.environ["LD_PRELOAD"])
    least = value_of(counts, "counts_copy_least", ctypes.c_size_t)
    copied = value_of(counts, "counts_copied_bytes", ctypes.c_uint64)
    scripts = {
        "1+1": "1+1",
        "json, re and a class": "import json, re\nclass A: pass\njson.loads(json.dumps({'a': re.escape('b.')}))",
    }
    found = {}
    with enclave(pristine=True) as made:
        if _native.platform()["rewind"] != "scan":
            return {}
        slot = next(iter(made._pool.staff.workers))._slot  # type: ignore[union-attr]
        low, high = slot.layout[:2]
        value_of(counts, "counts_copy_lo", ctypes.c_size_t).value = low
        value_of(counts, "counts_copy_hi", ctypes.c_size_t).value = high
        value_of(counts, "counts_copy_from_outside", ctypes.c_bool).value = True
        least.value = PAGE // 4
        for name, script in scripts.items():
            each = []
            for _ in range(60):
                copied.value = 0
                made.run(script).unwrap()
                while slot.state != _native.STATE_IDLE:
                    pass
                each.append(copied.value / PAGE)
            found[f"pages restored after {name}"] = statistics.median(each[20:])
    return found


def main(what: str) -> None:
    """Do what is to be counted; what is counted in here is written out."""
    if what in ("pristine", "kept"):
        traced(pristine=what == "pristine")
    else:
        print(json.dumps({"allocations": allocations, "copies": copies, "pages": pages}[what]()))


if __name__ == "__main__":
    main(sys.argv[1])
