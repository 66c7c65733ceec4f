"""What the host's main module imports at its top for the host's own use need not load in a worker.

While that module is run here, an import of an unsupported module that nothing guards gives a stand-in.  Who uses it
afterwards gets the error that the import would have raised; a task whose code names it does not even begin.

Part of the runtime of slots for trusted functions, behind task_imports.py; see tasks.py.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from .task_imports import _explained, _guarded, _instructions


class _StandIn:
    """In the place of a module, or of something in it."""

    def __init__(self, error: BaseException) -> None:
        self.__dict__["_error"] = error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if _StandIn.loading:  # `from module import name`, or an annotation
            return _StandIn(self._error)
        raise self._error

    def __call__(self, *args: object, **kwargs: object) -> Any:
        raise self._error

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        raise self._error

    loading = False
    some = False  # there are any


def _with_stand_ins(load: Callable[[], Any]) -> Any:
    """Run the main module; its own imports are lenient meanwhile."""
    import builtins

    real: Any = builtins.__import__

    def lenient(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        try:
            return real(name, globals, locals, fromlist, level)
        except ImportError as error:
            found = _explained(error, name)
            frame = sys._getframe(1)
            own = frame.f_globals is globals and frame.f_globals.get("__name__") == "__mp_main__"
            if type(found).__name__ != "UnsupportedModuleError" or not own:
                raise
            if any(a <= frame.f_lasti < b for a, b in _guarded(frame.f_code)):
                raise
        _StandIn.some = True
        return _StandIn(found.with_traceback(None))

    builtins.__import__ = lenient
    _StandIn.loading = True
    try:
        return load()
    finally:
        builtins.__import__ = real
        _StandIn.loading = False


def _refuse_stand_ins(code: CodeType, scope: dict[str, Any]) -> None:
    """Raise the error of the first stand-in that a function is bound to use."""
    if not _StandIn.some:
        return
    import opcode

    wanted = opcode.opmap["LOAD_GLOBAL"]
    for operation, argument, certain, _ in _instructions(code):
        if operation == wanted and certain:
            thing = scope.get(code.co_names[argument >> 1])
            if type(thing) is _StandIn:
                raise thing._error
    for constant in code.co_consts:
        if type(constant) is type(code):
            _refuse_stand_ins(constant, scope)
