"""Modules of the guest: imported from the host's library, allowed by list, without what acts on the whole process.

Part of the guest's runtime, like bootstrap.py, which follows it and finds ``_enclave`` in its globals.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from . import _enclave
    from .imports import guarded_import, import_permission
    from .rules import allowed_builtins

# What needs no system call to reach beyond the interpreter: libc's state, the main thread and the profilers are the
# process's.
_PROCESS_WIDE = {
    "_locale": "setlocale bindtextdomain textdomain bind_textdomain_codeset",
    "_signal": "pthread_sigmask",
    "_thread": "interrupt_main stack_size",
    "sys": "activate_stack_trampoline deactivate_stack_trampoline remote_exec setdlopenflags _debugmallocstats",
}

# What reads a clock, waits for one or sets one; strftime and its like read it where they are given no time.  How long a
# script sleeps is a clock for whoever watches it.
_CLOCKS = {
    "posix": "times",
    "time": """
        time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns thread_time
        thread_time_ns clock_gettime clock_gettime_ns clock_settime clock_settime_ns clock_getres get_clock_info
        pthread_getcpuclockid sleep gmtime localtime ctime asctime strftime
    """,
}


class _Library:
    """Finder and loader of the modules that the host has put into the library."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> Any:
        from _frozen_importlib import ModuleSpec

        found = _enclave.load(name)
        if found is not None:
            code, package = found
            loader: Any = _Library
            return ModuleSpec(name, loader, loader_state=code, is_package=package)
        origin = _enclave.data("extension " + name)
        if origin is None:
            return None
        from _frozen_importlib_external import ExtensionFileLoader

        file = origin.decode("utf-8", "surrogateescape")
        return ModuleSpec(name, ExtensionFileLoader(name, file), origin=file)

    @staticmethod
    def create_module(spec: Any) -> None:
        return None

    @staticmethod
    def exec_module(module: Any) -> None:
        spec = module.__spec__
        code, spec.loader_state = spec.loader_state, None
        if spec.name == "zoneinfo._tzpath":
            _without_zone_files(code, module)
            return
        exec(code, module.__dict__)
        if spec.name == "zoneinfo._common":
            _zones_from_library(module)


def _without_zone_files(code: CodeType, module: Any) -> None:
    import os

    os.environ["PYTHONTZPATH"] = ""  # else it would look for how Python was built
    exec(code, module.__dict__)
    del os.environ["PYTHONTZPATH"]


def _zones_from_library(common: Any) -> None:
    data = _enclave.data

    def load_tzdata(key: str) -> Any:
        import io

        found = data("zone " + key)
        if found is None:
            raise common.ZoneInfoNotFoundError(f"No time zone found with key {key}")
        return io.BytesIO(found)

    common.load_tzdata = load_tzdata


def _use_library() -> None:
    """Import from the library instead of from files."""
    from _frozen_importlib import BuiltinImporter

    sys.meta_path[:] = [_Library, BuiltinImporter]
    sys.path.clear()
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()


def _refusing(module: str, name: str, why: str) -> Any:
    def refused(*args: object, **kwargs: object) -> None:
        raise PermissionError(f"{module}.{name}() is not permitted in an enclave: {why}")

    refused.__name__ = refused.__qualname__ = name
    refused.__module__ = module
    return refused


def _refusals(table: dict[str, str], why: str) -> dict[int, Any]:
    """What is to stand in the place of the functions, by their ids."""
    exchanged: dict[int, Any] = {}
    for module_name, names in table.items():
        module = __import__(module_name)
        for name in names.split():
            if hasattr(module, name):
                exchanged[id(getattr(module, name))] = _refusing(module_name.lstrip("_"), name, why)
    return exchanged


def _exchange(exchanged: dict[int, Any]) -> None:
    """Put others in the place of functions, wherever those are."""
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if id(value) in exchanged:
                setattr(module, name, exchanged[id(value)])


def _take_away_process_wide(level: str) -> None:
    """The functions go from wherever they are; nothing can make their modules anew (see extensions.c)."""
    exchanged = _refusals(_PROCESS_WIDE, "it acts on the whole process")
    import _locale
    import time

    error: Any = getattr(_locale, "Error")  # noqa: B009 - not in its stub
    import posix  # noqa: F401 - here once, and not to be had again

    def setlocale(category: int, locale: str | None = None) -> str:
        if locale not in (None, "", "C", "POSIX"):
            raise error("unsupported locale setting")
        return "C"

    def tzset() -> None:
        """Does nothing: the time zone is the process's."""

    exchanged[id(_locale.setlocale)] = setlocale
    exchanged[id(time.tzset)] = tzset
    _exchange(exchanged)
    if level == "STRICT":
        _take_away_clocks()
    sys._xoptions.clear()
    sys.warnoptions.clear()


def _take_away_clocks() -> None:
    """Likewise; asyncio's loop keeps one of its own, and asyncio's log says no time."""
    import logging
    import types

    stopped = types.SimpleNamespace(time=lambda: 0.0, time_ns=lambda: 0)
    _exchange(_refusals(_CLOCKS, "there are no clocks at STRICT"))
    logging.time = stopped  # type: ignore[attr-defined]
    del logging.Formatter.converter


def _forget_modules() -> None:
    """What the warm-up needed and scripts are not to find, in other modules neither; no finder brings it back."""
    names = ("fcntl", "gc", "grp", "marshal", "pwd", "zipimport")
    gone = [sys.modules.pop(name) for name in names if name in sys.modules]
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if any(value is one for one in gone):
                delattr(module, name)


def _expect_audit() -> None:
    """Tell the audit policy of the one function of the library that may exchange code."""
    import types

    coroutine: Any = types.coroutine
    _enclave.set_coroutine_code(coroutine.__code__)


def _limit_names(allowed: list[str], level: str) -> None:
    """The builtins and modules that scripts may name, for those that look for no way round."""
    import builtins

    here = vars(builtins)
    names = {name: here[name] for name in allowed_builtins(level) if name in here}
    names["__import__"] = guarded_import(import_permission(frozenset(allowed)), level, builtins.__import__)
    sys.modules["__main__"].__dict__["__builtins__"] = names
