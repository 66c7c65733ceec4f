"""PEP 734's view of an interpreter of ours: the standard library's where it has one, else our own in its shape."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Final, NoReturn, final

__all__ = ["show"]


def show(interpreter_id: int) -> Any:
    """The interpreter with that id; LookupError if there is none."""
    # Not tried on 3.12, where the back end of interpreters-pep-734 0.5.0 crashes the process when it is imported.
    names = (
        ("concurrent.interpreters", "interpreters_backport.interpreters")
        if sys.version_info >= (3, 13)
        else ()
    )
    for name in names:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        try:
            return module.Interpreter(interpreter_id)
        except module.InterpreterNotFoundError as error:
            raise LookupError(str(error)) from error
    interpreter = _Interpreter(interpreter_id)
    interpreter.is_running()
    return interpreter


@final
class _Interpreter:
    """An interpreter to be looked at, in the shape of ``concurrent.interpreters.Interpreter``."""

    __slots__ = ("_id",)

    whence: Final = "C-API"

    def __init__(self, interpreter_id: int) -> None:
        self._id = interpreter_id

    @property
    def id(self) -> int:
        """Its number in this process."""
        return self._id

    def is_running(self) -> bool:
        """Whether its ``__main__`` runs, which never happens in a worker; LookupError when it has ended."""
        try:
            low: Any = importlib.import_module("_interpreters")  # from 3.13 on
        except ImportError:
            low = importlib.import_module("_xxsubinterpreters")
        try:
            return bool(low.is_running(self._id))
        except Exception as error:
            raise LookupError(f"unrecognized interpreter ID {self._id}") from error

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise RuntimeError(f"interpreter {self._id} belongs to an enclave: it can only be looked at")

    exec = call = call_in_thread = prepare_main = close = _refuse

    def __repr__(self) -> str:
        return f"Interpreter({self._id})"

    def __eq__(self, other: object) -> bool:
        return self._id == other._id if isinstance(other, _Interpreter) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._id)
