"""What of a process a guest must not change: settings, descriptors, signals, children."""

from __future__ import annotations

import ctypes
import faulthandler
import locale
import os
import resource
import signal
import sys
import time
import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any

_LIMITS = [name for name in dir(resource) if name.startswith("RLIMIT_")]
_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
_HANDLED = (
    signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGVTALRM,
    signal.SIGPROF, signal.SIGURG, signal.SIGWINCH, signal.SIGIO,
)  # fmt: skip

_arrived: list[str] = []
_victim = ctypes.create_string_buffer(b"victim")
_libc = ctypes.CDLL(None)
_libc.getenv.restype = ctypes.c_char_p


def _note(number: int, _frame: FrameType | None) -> None:
    _arrived.append(signal.Signals(number).name)


def watch_signals() -> None:
    """Note the signals that arrive from now on instead of dying of them."""
    for number in _HANDLED:
        signal.signal(number, _note)


def snapshot(descriptors: Iterable[int]) -> dict[str, Any]:
    """The state of this process; to be taken on its main thread."""
    umask = os.umask(0o022)
    os.umask(umask)
    wakeup = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(wakeup)
    state: dict[str, Any] = {
        "umask": umask,
        "working directory": _attempt(os.getcwd),
        "wakeup descriptor": wakeup,
        "signals arrived": list(_arrived),
        "signals blocked": sorted(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ()))),
        "locale": locale.setlocale(locale.LC_ALL),
        "time zone": time.tzname,
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "processors": sorted(os.sched_getaffinity(0)),
        "scheduler": os.sched_getscheduler(0),
        "session": (os.getsid(0), os.getpgrp()),
        "environment": [_libc.getenv(name) for name in (b"TZ", b"ENCLAVE_CANARY", b"ENCLAVE_STAIN")],
        "module planted": hasattr(sys, "remote_stain"),
        "tracemalloc": tracemalloc.is_tracing(),
        "faulthandler": faulthandler.is_enabled(),
        "perf trampoline": sys.is_stack_trampoline_active(),
        "memory": _victim.raw,
        "children": _children(),
    }
    for name in _LIMITS:
        state[name] = resource.getrlimit(getattr(resource, name))
    for timer in _TIMERS:
        state[f"timer {timer}"] = signal.getitimer(timer) != (0.0, 0.0)
    for number in _HANDLED:
        state[f"handler of {number.name}"] = signal.getsignal(number) is _note
    for name in ("comm", "oom_score_adj", "coredump_filter", "timerslack_ns"):
        state[name] = _attempt(Path("/proc/self", name).read_text)
    for number in descriptors:
        state[f"descriptor {number}"] = _attempt(_descriptor, number)
    return state


def victim_address() -> int:
    """Where something of the host's stands that nobody may overwrite."""
    return ctypes.addressof(_victim)


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What differs, in words."""
    return [
        f"the host's {name}: {before[name]!r} became {after[name]!r}"
        for name in before
        if before[name] != after[name]
    ]


def remove_perf_map(pid: int) -> None:
    """What CPython's perf support leaves of a process that ended: the one file whose place nobody can choose."""
    Path(f"/tmp/perf-{pid}.map").unlink(missing_ok=True)


def _attempt(function: Any, *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except OSError as error:
        return f"{type(error).__name__} {error.errno}"


def _descriptor(number: int) -> tuple[Any, ...]:
    import fcntl

    status = os.fstat(number)
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        os.lseek(number, 0, os.SEEK_CUR),
        fcntl.fcntl(number, fcntl.F_GETFL),
        fcntl.fcntl(number, fcntl.F_GETFD),
    )


def _children() -> int:
    """Living child processes of every thread; 0 where the kernel does not list them."""
    count = 0
    for listing in Path("/proc/self/task").glob("*/children"):
        count += len(str(_attempt(listing.read_text)).split())
    return count
