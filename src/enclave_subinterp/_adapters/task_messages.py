"""What executor and task slots say to each other: pickles, with a byte behind a request that says more.

Tasks and results are trusted, as in every process pool: they are pickled by reference, by cloudpickle where that is
installed and plain pickle cannot, and unpickled on the other side.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..errors import RemoteError

__all__ = [
    "BESIDE",
    "CHUNK",
    "EMPTY",
    "EXIT",
    "FIRST",
    "MAIN",
    "PROGRESS",
    "SHARE",
    "SITE",
    "RemoteTraceback",
    "main_module",
    "pack",
    "unpack_error",
    "unpack_value",
]

# The byte behind a request; kept equal to guest/tasks.py.
BESIDE: Final = 1  # buffers are lent to it, the pickle itself perhaps
CHUNK: Final = 2  # the arguments of many calls
MAIN: Final = 4  # it refers to the host's main module
FIRST: Final = (
    8  # it makes the worker ready: a main module that fails is the affair of the tasks that need it
)
SITE: Final = 16  # let site-packages run what they want to be run at start
EMPTY: Final = 32  # there is no call
SHARE: Final = 64  # it may write into buffers that are lent writable; else it copies them

# Channels of messages, beside 1 and 2, the streams; kept equal to guest/task_world.py.
PROGRESS: Final = 3
EXIT: Final = 4

_LENT_SIZE: Final = 16 * 1024  # bytes from which what is pickled is lent instead of copied
_NAMES_MAIN: Final = b"\x8c\x08__main__"  # as protocol 5 writes the name of a module


class RemoteTraceback(Exception):
    """The traceback of a task's exception, as text; at the end of its chain of causes."""

    def __init__(self, tb: str) -> None:
        super().__init__(tb)
        self.tb = tb

    def __str__(self) -> str:
        return f'\n"""\n{self.tb}"""'


def main_module() -> tuple[str, str] | None:
    """How the main module was started: ("name" or "path", which); None if it cannot be run again.

    As for multiprocessing's spawn, but the ``__main__`` of a package, folder or archive is run too: a program of which
    tasks need it guards what is not for them.
    """
    main = sys.modules.get("__main__")
    name = getattr(getattr(main, "__spec__", None), "name", None)
    path = getattr(main, "__file__", None)
    if isinstance(name, str) and name != "__main__":
        return "name", name
    if not isinstance(path, str) or Path(path).stem == "ipython":
        return None
    where = Path(path).absolute().parent if name == "__main__" else Path(path).absolute()
    return ("path", str(where)) if where.exists() else None  # "<stdin>" does not


_seen_main: tuple[tuple[object, object, object], bool] | None = None


def _main_runs_again() -> bool:
    """Whether there is a `main_module`; looked up again only if that may have changed."""
    global _seen_main  # noqa: PLW0603 - there is one main module
    main = sys.modules.get("__main__")
    key = (main, getattr(main, "__spec__", None), getattr(main, "__file__", None))
    seen = _seen_main
    if seen is None or any(now is not then for now, then in zip(key, seen[0], strict=True)):
        seen = _seen_main = (key, main_module() is not None)
    return seen[1]


class _Apart:
    """Large bytes that go beside the pickle, which would copy them; as in guest/tasks.py."""

    def __init__(self, value: bytes) -> None:
        self._value = value

    def __reduce__(self) -> tuple[type[bytes], tuple[pickle.PickleBuffer]]:
        return bytes, (pickle.PickleBuffer(self._value),)


def pack(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], more: int = 0
) -> tuple[bytes, list[Any] | None]:
    """(request, buffers to lend) for a call; raises what pickling it raises."""
    if any(type(arg) is bytes and len(arg) >= _LENT_SIZE for arg in args):
        args = tuple(_Apart(arg) if type(arg) is bytes and len(arg) >= _LENT_SIZE else arg for arg in args)
    call = (function, args, kwargs)
    buffers: list[Any] = []
    try:
        data = pickle.dumps(call, 5, buffer_callback=buffers.append)
        if _NAMES_MAIN in data and not _main_runs_again():
            raise pickle.PicklingError(
                f"{function!r} or one of its arguments is defined in __main__, which workers cannot run again here"
                " (interactive, -c, stdin); put it into a module, or install cloudpickle"
            )
    except Exception:
        try:
            import cloudpickle
        except ImportError:
            cloudpickle = None
        if cloudpickle is None:
            raise
        buffers.clear()
        data = cloudpickle.dumps(call, 5, buffer_callback=buffers.append)
    if _NAMES_MAIN in data:
        more |= MAIN
    lent = [buffer.raw() for buffer in buffers]
    if lent or len(data) >= _LENT_SIZE:
        more |= BESIDE
        if len(data) >= _LENT_SIZE:
            return bytes((more,)), [data, *lent]
    return data + bytes((more,)), lent or None


def unpack_value(parts: Sequence[Any]) -> Any:
    """The value of an answer; raises what unpickling it raises."""
    return pickle.loads(parts[0], buffers=map(memoryview, parts[1:]))


def unpack_error(parts: Sequence[Any]) -> BaseException:
    """The exception of an answer with its chain, and the traceback at the end of the chain of causes."""
    nodes, text = pickle.loads(parts[0])
    chain: list[BaseException] = []
    for data, name, message, *_ in nodes:
        chain.append(_exception(data, name, message))
    for error, (_, _, _, cause, context, suppressed) in zip(chain, nodes, strict=True):
        if context >= 0:
            error.__context__ = chain[context]
        if cause >= 0:
            error.__cause__ = chain[cause]
        error.__suppress_context__ = suppressed
    first = last = chain[0]
    seen = {id(last)}
    while last.__cause__ is not None and id(last.__cause__) not in seen:
        last = last.__cause__
        seen.add(id(last))
    last.__cause__ = RemoteTraceback(text)
    return first


def _exception(data: bytes | None, name: str, message: str) -> BaseException:
    why = "it cannot be pickled"
    if data is not None:
        try:
            error = pickle.loads(data)
        except Exception as failure:  # noqa: BLE001 - a constructor with other arguments may raise anything
            why = f"it cannot be unpickled ({type(failure).__name__}: {failure})"
        else:
            if isinstance(error, BaseException):
                return error
            why = "its pickle is no exception"
    return RemoteError(f"{name}: {message} [{why}]", type_name=name)
