"""What a task finds around it: streams, environment, ways to make processes and to end, the host's main module.

Part of the runtime of slots for trusted functions, behind process.py; see tasks.py.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from . import _enclave
    from .process import Input
    from .task_imports import _serving
    from .task_stand_ins import _with_stand_ins

# What goes to the host beside the answer; kept equal to _adapters/task_messages.py.
_STDOUT, _STDERR, _PROGRESS, _EXIT = 1, 2, 3, 4


# --- Streams ---------------------------------------------------------------------------------------------------------


def _open_streams() -> None:
    """sys.stdout and sys.stderr go to the host's as they are written, a line at a time; sys.stdin is empty."""
    import io

    send = _enclave.send

    class Channel(io.RawIOBase):
        def __init__(self, number: int, name: str) -> None:
            self._number = number
            self.name = name

        def writable(self) -> bool:
            return True

        def write(self, data: Any, /) -> int:
            send(self._number, data)
            return len(data)

        def fileno(self) -> int:
            return self._number

    class Stream(io.TextIOWrapper):
        _flush_here = io.TextIOWrapper.flush

        def flush(self) -> None:
            """Flush what is written here, and the host's stream behind it."""
            super().flush()
            if _serving:
                call = _enclave.post("flush", self.name)
                assert isinstance(call, int)
                _enclave.take(call, None)

    own: Any = sys

    def stream(number: int, name: str, errors: str) -> Any:
        raw = io.BufferedWriter(Channel(number, name))
        return Stream(raw, encoding="utf-8", errors=errors, line_buffering=True)

    own.stdout = own.__stdout__ = stream(_STDOUT, "<stdout>", "surrogateescape")
    own.stderr = own.__stderr__ = stream(_STDERR, "<stderr>", "backslashreplace")
    own.stdin = own.__stdin__ = Input()


def _flush_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            getattr(stream, "_flush_here", stream.flush)()
        except Exception:  # closed, or not a stream at all: the task's own affair
            pass


# --- Processes -------------------------------------------------------------------------------------------------------


def _environment() -> list[bytes]:
    import os

    return [name + b"=" + value for name, value in os.environb.items()]


def _settle_processes() -> None:
    """os._exit() ends the task; children get the environment of the task and a signal mask of the host's."""
    import os
    import posix

    outside = _enclave.outside

    def _exit(status: int) -> None:
        """End the task: its future has a TaskExitedError."""
        status = int(status)
        _enclave.send(_EXIT, str(status).encode())
        while True:
            try:
                _enclave.leave()
            except SystemExit:  # not on the spot, but soon
                pass

    def system(command: Any) -> int:
        """Run a command in a shell and return its wait status."""
        import subprocess

        code = subprocess.call(command, shell=True)
        return code << 8 if code >= 0 else -code

    exchanged: dict[str, Any] = {"_exit": _exit, "system": system}
    for name in ("posix_spawn", "posix_spawnp"):
        if hasattr(posix, name):
            exchanged[name] = outside(getattr(posix, name))
    for module in (posix, os):
        for name, function in exchanged.items():
            setattr(module, name, function)
    try:
        import _posixsubprocess
    except ImportError:
        return
    real = outside(_posixsubprocess.fork_exec)

    def fork_exec(*args: Any) -> Any:
        if args[5] is None:  # "as here": the C library's environment is the host's, and may have changed
            args = (*args[:5], _environment(), *args[6:])
        return real(*args)

    _posixsubprocess.fork_exec = fork_exec


def _install_faulthandler() -> None:
    """It is the process's, and the host's to switch on; libraries import it without asking."""
    from types import ModuleType

    module: Any = ModuleType(
        "faulthandler", "Does nothing in a task: crashes are contained and told by the future."
    )

    def nothing(*args: object, **kwargs: object) -> None:
        """Does nothing in a task."""

    def dump_traceback(file: Any = None, *_args: object, **_kwargs: object) -> None:
        """Write the traceback of this task."""
        import traceback

        traceback.print_stack(sys._getframe(1), file=file if hasattr(file, "write") else None)

    names = "enable dump_traceback_later cancel_dump_traceback_later register unregister"
    for name in names.split():
        setattr(module, name, nothing)
    module.disable = module.is_enabled = lambda: False
    module.dump_traceback = dump_traceback
    sys.modules["faulthandler"] = module


# --- The host's program ----------------------------------------------------------------------------------------------

_main: tuple[str, str] | None = None  # ("name" or "path", which): how the host's main module was started
_main_is_here = False
_main_error: BaseException | None = None  # why it cannot be had


def _settle(
    path: list[str],
    arguments: list[str],
    site: tuple[str, str, int],
    main: tuple[str, str] | None,
    name: str,
) -> None:
    """The host's paths and arguments, what site has made of it, and its main module to come."""
    import threading

    global _main
    sys.path[:] = path
    sys.argv = arguments
    sys.prefix, sys.exec_prefix, no_site = site
    _enclave.set_no_site(no_site)
    _main = main
    _be_main_thread(threading, name)


def _be_main_thread(threading: Any, name: str) -> None:
    """From 3.13 on `threading` takes the process's main thread for an interpreter's (gh-114271)."""
    main, own = threading.main_thread(), threading.get_ident()
    main.name = name
    if main.ident != own:
        del threading._active[main.ident]
        main._ident = own
        threading._active[own] = main


def _run_site() -> None:
    """What site-packages want to be run at start, such as import hooks; the paths stay the host's."""
    path = list(sys.path)
    try:
        import site

        site.main()
    except Exception:
        import traceback

        traceback.print_exc()
    sys.path[:] = path


def _load_main() -> None:
    """Run the host's main module under another name, as multiprocessing's spawn does."""
    global _main_is_here, _main_error
    if _main_is_here or _main is None:
        return
    if _main_error is not None:
        raise _main_error
    import runpy
    from types import ModuleType

    kind, which = _main
    old = sys.modules["__main__"]
    module = ModuleType("__mp_main__")
    sys.modules["__main__"] = sys.modules["__mp_main__"] = module  # classes and functions are of either
    try:
        if kind == "name":
            content = _with_stand_ins(lambda: runpy.run_module(which, run_name="__mp_main__", alter_sys=True))
        else:
            content = _with_stand_ins(lambda: runpy.run_path(which, run_name="__mp_main__"))
    except BaseException as error:
        _main_error = error
        sys.modules["__main__"] = old
        del sys.modules["__mp_main__"]
        raise
    module.__dict__.update(content)
    sys.modules["__main__"] = sys.modules["__mp_main__"] = module
    _main_is_here = True


# --- The package, as a task sees it ----------------------------------------------------------------------------------


def _install_package(folder: str, homes: dict[str, str], dumps: Callable[..., bytes]) -> None:
    """A light ``enclave_subinterp``: what a script names at its top is there; its workers are the host's."""
    from types import ModuleType

    name = "enclave_subinterp"
    package: Any = ModuleType(name, "Runs functions in subinterpreters; this is the side of the tasks.")

    def report_progress(value: object, /) -> None:
        """Give a value to the `on_progress` of this task's options, on the host's side."""
        _enclave.send(_PROGRESS, dumps(value, 5))

    class EnclaveExecutor:
        """Only the host makes executors."""

        def __init__(self, *args: object, **kwargs: object) -> None:
            from enclave_subinterp.errors import EnclaveUsageError

            raise EnclaveUsageError(
                "an EnclaveExecutor can be made in the main interpreter only, and this is a task; is the call guarded"
                ' by `if __name__ == "__main__":`?'
            )

    for thing in (report_progress, EnclaveExecutor):
        thing.__module__ = name
        thing.__qualname__ = thing.__name__
        setattr(package, thing.__name__, thing)

    def find(attribute: str) -> Any:
        home = homes.get(attribute)
        if home is None:
            raise AttributeError(f"module {name!r} has no attribute {attribute!r}")
        from importlib import import_module

        return getattr(import_module(home), attribute)

    from importlib.machinery import ModuleSpec

    package.__getattr__ = find
    package.__all__ = ["EnclaveExecutor", "report_progress", *homes]
    package.__path__ = [folder]
    package.__spec__ = ModuleSpec(name, None, origin=folder + "/__init__.py", is_package=True)
    package.__spec__.submodule_search_locations = [folder]
    package.__file__ = folder + "/__init__.py"
    sys.modules[name] = package
