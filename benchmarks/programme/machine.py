"""What was measured, and on what."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shlex
import sys
import sysconfig
from pathlib import Path
from typing import Any, Final

PEERS: Final = ("Pebble", "loky", "pydantic-monty", "psutil")


def _without_paths(flags: str) -> str:
    """Where this machine has its files is nobody's business."""
    return shlex.join(flag for flag in shlex.split(flags) if "/" not in flag)


def describe() -> dict[str, Any]:
    """The machine, the interpreter, the packages."""
    from enclave_subinterp import __version__, capabilities

    return {
        "version": __version__,
        "python": platform.python_version(),
        "python_build": " ".join(platform.python_build()),
        "python_compiler": platform.python_compiler(),
        "python_flags": _without_paths(sysconfig.get_config_var("CONFIG_ARGS") or ""),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "processor": _processor(),
        "architecture": platform.machine(),
        "processors": len(os.sched_getaffinity(0)),
        "siblings": _siblings(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "capabilities": {name: str(value) for name, value in _fields(capabilities()).items()},
        "packages": {name: found for name in PEERS if (found := _installed(name)) is not None},
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }


def _fields(found: Any) -> dict[str, Any]:
    if isinstance(found, dict):
        return found
    names = [name for name in dir(found) if not name.startswith("_")]
    return {name: getattr(found, name) for name in names if not callable(getattr(found, name))}


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1] if match else platform.processor() or "unknown"


def _siblings() -> bool:
    """Do two of the processors that we may use share a core?"""
    usable = os.sched_getaffinity(0)
    for number in usable:
        path = Path(f"/sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list")
        try:
            text = path.read_text().strip()
        except OSError:
            continue
        shared: set[int] = set()
        for part in text.split(","):
            first, _, last = part.partition("-")
            shared.update(range(int(first), int(last or first) + 1))
        if len(shared & usable) > 1:
            return True
    return False
