"""Extension modules for task slots: loaded in the host first, and let through if they are fit.

A module first loaded inside a slot would leave pointers into the slot's memory in tables of the process.
"""

from __future__ import annotations

import functools
import importlib
import importlib.machinery
import os
import site
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from .. import _native
from .._log import Log

__all__ = ["approve", "prepare_host", "wants_site"]

_log = Log("enclave_subinterp.worker")

# What the runtime of a task slot itself imports while it starts, when nobody could be asked.
_AT_START: Final = "_pickle _posixsubprocess copyreg functools io os pickle threading types"

_NOT_FIT: Final = {
    "_sqlite3": "SQLite keeps its open files in one table for the process, and each worker has descriptors of its own",
    "enclave_subinterp._native": "workers are made by the main interpreter only",
}
_INTERPRETERS: Final = ("_interp", "_xxsubinterp", "_xxinterp")

_lock = threading.Lock()
_reasons: dict[str, str] = {}


def prepare_host() -> None:
    """Once, before the first slot; cheap afterwards."""
    with _lock:
        if "builtins" in _reasons:
            return
        for name in _AT_START.split():
            importlib.import_module(name)
        # Versions differ in which extension modules stand behind those; none that the host has costs anything.
        for name in sys.stdlib_module_names & sys.modules.keys():
            if not hasattr(sys.modules[name], "__file__") or _is_extension(sys.modules[name]):
                _look(name, None)
        _reasons["builtins"] = ""


def approve(name: str, origin: str | None) -> str | None:
    """Let slots load an extension module, or say why not."""
    with _lock:
        reason = _reasons.get(name)
    if reason is None:
        reason = (
            _look(name, origin) or ""
        )  # without the lock: an import may take its time, and wait for others
        with _lock:
            _reasons[name] = reason
    return reason or None


def _look(name: str, origin: str | None) -> str | None:
    if name in _NOT_FIT:
        return _NOT_FIT[name]
    if name.startswith(_INTERPRETERS):
        return "interpreters are made by the main interpreter only"
    try:
        module: Any = importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001 - whatever a module raises is the reason
        _log.debug("%s cannot be imported in the host: %s", name, error)
        return f"the host cannot import it either ({type(error).__name__}: {error})"
    found = getattr(getattr(module, "__spec__", None), "origin", None)
    if origin not in {None, "built-in"} and found != origin and not _same_file(found, origin):
        return f"the host has another one loaded ({found})"
    if not isinstance(module, ModuleType):
        return "it is no module"
    return _native.approve_extension(name, module, False)


def _is_extension(module: object) -> bool:
    return isinstance(getattr(module, "__loader__", None), importlib.machinery.ExtensionFileLoader)


def _same_file(one: str | None, other: str | None) -> bool:
    return one is None or other is None or os.path.realpath(one) == os.path.realpath(other)


@functools.cache
def wants_site() -> bool:
    """Whether site-packages have something to run at the start of an interpreter: lines of code in .pth files."""
    if sys.flags.no_site:
        return False
    if sys.modules.keys() & {"sitecustomize", "usercustomize"}:
        return True
    folders = {os.path.realpath(folder) for folder in sys.path if "-packages" in folder}
    folders |= {os.path.realpath(folder) for folder in site.getsitepackages()}
    return any(_runs_code(folder) for folder in folders)


def _runs_code(folder: str) -> bool:
    try:
        files = [file for file in Path(folder).glob("*.pth") if not file.name.startswith(".")]
        lines = [line for file in files for line in file.read_text("utf-8", "replace").splitlines()]
    except OSError:
        return False
    return any(line.startswith(("import ", "import\t")) for line in lines)
