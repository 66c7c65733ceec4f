"""Is the host what it was?  Looks at what scripts could have reached.

That is modules, types, limits, hooks, signal handlers, threads, descriptors and memory.
"""

from __future__ import annotations

import builtins
import codecs
import collections.abc
import contextlib
import ctypes
import decimal
import functools
import gc
import json
import json.decoder
import math
import operator
import os
import re
import signal
import sys
import threading
import time
import types
import warnings
from dataclasses import dataclass
from pathlib import Path

_WATCHED: tuple[types.ModuleType, ...] = (
    builtins, codecs, collections, collections.abc, decimal, functools, json, json.decoder, math, operator, os, re,
)  # fmt: skip
_TYPES: tuple[type, ...] = (
    object, type, str, bytes, int, float, list, dict, tuple, set, BaseException, types.FunctionType,
)  # fmt: skip
# The host keeps its results, and the two workers are as old as the last crash lets them be: a young one has touched
# less of its snapshot.  Together that came to 0.04 to 1.2 MB.
_NOISE = 4 << 20
_M_TRIM_THRESHOLD = -1  # of malloc.h
_TRIM_THRESHOLD = 128 << 10
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class HostState:
    """The host at one moment; what cannot be told on this platform is None."""

    modules: dict[str, int]
    types: dict[str, int]
    settings: dict[str, object]
    threads: int | None
    descriptors: int | None
    rss: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, whether it is as it must be, and what was seen."""

    name: str
    fine: bool
    text: str


def capture() -> HostState:
    """Look at the host now."""
    return HostState(
        modules={
            f"{module.__name__}.{name}": id(value)
            for module in _WATCHED
            for name, value in vars(module).items()
        },
        types={f"{kind.__name__}.{name}": id(value) for kind in _TYPES for name, value in vars(kind).items()},
        settings={
            "recursion limit": sys.getrecursionlimit(),
            "digits of an int": sys.get_int_max_str_digits(),
            "switch interval": sys.getswitchinterval(),
            "sys.path": list(sys.path),
            "sys.meta_path": [id(finder) for finder in sys.meta_path],
            "streams": [id(sys.stdout), id(sys.stderr), id(sys.excepthook)],
            "trace": [sys.gettrace(), sys.getprofile()],
            "collector": [gc.isenabled(), gc.get_threshold()],
            "decimal precision": [decimal.getcontext().prec, decimal.DefaultContext.prec],
            "abstract classes": isinstance(3, collections.abc.Sized),
            "warning filters": len(warnings.filters),
            "working directory": Path.cwd(),
            "environment": dict(os.environ),
            "signal handlers": [signal.getsignal(number) for number in sorted(signal.valid_signals())],
        },
        threads=_count("/proc/self/task"),
        descriptors=_count("/proc/self/fd"),
        rss=rss(),
    )


def compare(before: HostState, after: HostState) -> list[Check]:
    """What of the host is as it was before."""
    changed = [name for name, value in before.modules.items() if after.modules.get(name) != value]
    added = [name for name in after.modules.keys() - before.modules.keys() if name.startswith("builtins.")]
    checks = [
        _check(
            "modules", changed + added, f"{len(before.modules)} names of {len(_WATCHED)} modules unchanged"
        ),
        _check("types", _differing(before.types, after.types), f"{len(before.types)} attributes unchanged"),
        _check(
            "settings",
            _differing(before.settings, after.settings),
            f"{len(before.settings)} settings unchanged",
        ),
    ]
    for name, was, now in (
        ("threads", before.threads, after.threads),
        ("descriptors", before.descriptors, after.descriptors),
    ):
        if was is not None and now is not None:
            checks.append(Check(name, now <= was, f"{was} before, {now} after"))
    return checks


def alive() -> Check:
    """Does the host still compute, allocate, start threads and raise as it should?"""
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(sum(len(str(n)) for n in range(10_000))))
    thread.start()
    thread.join(10)
    right = answers == [38_890] and json.loads(json.dumps({"a": [1, None]})) == {"a": [1, None]}
    try:
        answers.pop(len(answers))
        right = False
    except IndexError:
        pass
    right = right and len(bytearray(8 << 20)) == 8 << 20
    return Check("host", right, "computes, allocates, starts threads and raises as before")


def let_threads_go(before: HostState, seconds: float = 1.0) -> None:
    """Wait until no more threads are there than before, at most ``seconds``.

    A thread that has been joined is in the kernel's list for a moment more, and nothing tells when it is gone.
    """
    end = time.monotonic() + seconds
    while (_count("/proc/self/task") or 0) > (before.threads or 0) and time.monotonic() < end:
        time.sleep(0.01)


def leak(after_first: int | None, after_last: int | None, runs: int) -> Check:
    """Judge the growth of the process over ``runs`` runs that came after the first pass."""
    if after_first is None or after_last is None or not runs:
        return Check("memory", True, "not measured")
    growth = after_last - after_first
    text = (
        f"{after_first / _MB:.1f} MB after the first pass, {after_last / _MB:.1f} MB after the second: "
        f"{growth / 1024:+.0f} KB over {runs} runs, {growth / 1024 / runs:+.2f} KB a run"
    )
    return Check("memory", growth <= _NOISE, text)


def give_back_freed_memory() -> None:
    """Have glibc give back, from now on, what is freed at the end of a thread's arena.

    By itself it raises its threshold with the largest block ever freed, and each arena then keeps up to 64 MB: what is
    resident would say how large a message once was, not what is held.
    """
    with contextlib.suppress(AttributeError):  # other C libraries have no such function
        ctypes.CDLL(None).mallopt(_M_TRIM_THRESHOLD, _TRIM_THRESHOLD)


def rss() -> int | None:
    """Resident memory of the process in bytes; None where the platform does not tell."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _check(name: str, wrong: list[str], fine: str) -> Check:
    return Check(name, not wrong, f"changed: {', '.join(wrong[:6])}" if wrong else fine)


def _differing(
    before: dict[str, object] | dict[str, int], after: dict[str, object] | dict[str, int]
) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _count(folder: str) -> int | None:
    try:
        return len(list(Path(folder).iterdir()))
    except OSError:
        return None
