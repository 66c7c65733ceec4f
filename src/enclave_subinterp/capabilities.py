"""What this platform and Python enforce, so that nothing is promised silently."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Final

from ._adapters import ADAPTERS, PLANNED_ADAPTERS
from .config import check_choice
from .errors import UnsupportedPlatformError

__all__ = ["Capabilities", "capabilities"]

_ABOUT: Final = {
    "hard_halt": (
        "a script is ended wherever it stands",
        "a script that does not end by itself cannot be ended",
    ),
    "memory_limit": (
        "exact, per worker, nothing for the script to catch",
        "a script's memory is not limited",
    ),
    "crash_containment": (
        "a native crash ends the run and its worker, not the process",
        "a native crash of a script ends the process",
    ),
    "seccomp": (
        "a worker's thread makes only the system calls that computing needs",
        "the kernel has no seccomp filters for us: system calls of a script are not refused",
    ),
    "landlock": (
        "the kernel forbids a worker's thread all access to files, whatever the system call filter does",
        "the kernel has no Landlock: nothing below Python but a system call filter forbids files",
    ),
    "type_sealing": (
        "scripts do not see the runtime that carries them",
        "scripts see the runtime that carries them",
    ),
    "audit_policy": (
        "audit events in a worker are denied but for a list, and scripts cannot change that",
        "no policy on audit events",
    ),
}

_REWIND: Final = {
    "scan": "the pages that a run wrote are found by the kernel's write tracking and restored",
    "remap": "the whole range is mapped anew after each run (the kernel has no write tracking for us): slower",
    "copy": "the whole range is copied back after each run: slower",
    "none": "a worker keeps what a run leaves: pristine=True is refused",
}

_INLINE: Final = {
    "hard_halt": (
        "a script runs in the caller's thread: time limits and kill() are advisory, an exception that is raised in its"
        " Python code, that it can catch and that no call into C sees"
    ),
    "rewind": "pristine=True is a new namespace only; what a script does to modules and objects of the host stays",
    "memory_limit": "a script's memory is the host's",
    "crash_containment": "a native crash of a script ends the process",
    "seccomp": "a script makes the system calls of the host",
    "landlock": "a script has the files of the host",
    "type_sealing": "a script sees the objects of the host",
    "audit_policy": "a script does what the host may do",
}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One truth value per capability, and a sentence about each in `details`.

    Also a read-only mapping of names to truth values: ``caps["rewind"]``, ``dict(caps)``.

    Attributes:
        adapter: what was asked about.
        hard_halt: any script can be ended at any time.
        rewind: every run can start in an interpreter as new (``pristine=True``).
        memory_limit: a worker's memory is limited exactly.
        crash_containment: a native crash of a script leaves the process alive.
        seccomp: workers make only the system calls that computing needs.
        landlock: file access of workers is ruled by the kernel.
        type_sealing: the types' dangerous attributes are gone in workers.
        audit_policy: a policy on audit events that workers cannot remove.
        details: name to a sentence, for all of them.
    """

    adapter: str
    hard_halt: bool
    rewind: bool
    memory_limit: bool
    crash_containment: bool
    seccomp: bool
    landlock: bool
    type_sealing: bool
    audit_policy: bool
    details: Mapping[str, str]

    def keys(self) -> Iterator[str]:
        """The names of the capabilities."""
        return (field.name for field in fields(self) if field.name not in ("adapter", "details"))

    def __iter__(self) -> Iterator[str]:
        return self.keys()

    def __getitem__(self, name: str) -> bool:
        if name not in self.keys():
            raise KeyError(name)
        return bool(getattr(self, name))

    def __str__(self) -> str:
        head = f"{self.adapter} on {sys.platform}, Python {sys.version.split()[0]}"
        rows = [f"  {name:<18} {'yes' if self[name] else 'no':<4} {self.details[name]}" for name in self]
        return "\n".join([head, *rows])


def capabilities(adapter: str = "subinterpreter") -> Capabilities:
    """What `adapter` enforces on this platform and Python.

    Args:
        adapter: "subinterpreter" or "inline".

    Raises:
        TypeError, ValueError: no such adapter.
        UnsupportedPlatformError: the native core cannot be loaded at all.
    """
    if adapter in PLANNED_ADAPTERS:
        raise ValueError(
            f"adapter: {adapter!r} is planned but not there yet; there is {', '.join(map(repr, ADAPTERS))}"
        )
    check_choice("adapter", adapter, ADAPTERS)
    try:
        from . import _native
    except ImportError as error:
        raise UnsupportedPlatformError(f"the native core cannot be loaded: {error}") from error
    if adapter == "inline":
        lacking_all = dict.fromkeys(_INLINE, False)
        return Capabilities(adapter=adapter, **lacking_all, details=MappingProxyType(_INLINE))
    found = _native.platform()
    values: dict[str, bool] = {}
    details: dict[str, str] = {}
    for name, (having, lacking) in _ABOUT.items():
        values[name] = bool(found.get(name))
        details[name] = having if values[name] else lacking
    rewind = str(found.get("rewind", "none"))
    values["rewind"] = rewind != "none"
    details["rewind"] = f"{rewind}: {_REWIND.get(rewind, 'as the core names it')}"
    return Capabilities(adapter=adapter, **values, details=MappingProxyType(details))
