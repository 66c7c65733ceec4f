"""The runtime of slots for trusted functions: what runs before the first task, and for every task.

Not imported as a module: the host hands its code to the core, behind that of process.py and of task_*.py, as
bootstrap.py is for scripts.  A request is a pickle with a byte behind it that says more.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sys
    from _pickle import PickleBuffer, dumps, loads
    from typing import Any

    from . import _enclave
    from .process import _guard_extensions, _leave_process_alone
    from .task_imports import _asking, _explained, _imports_are_served, _look_ahead
    from .task_world import (
        _flush_streams,
        _install_faulthandler,
        _load_main,
        _open_streams,
        _run_site,
        _settle_processes,
    )

_RUNTIME = "<enclave runtime>"  # the name of this text in tracebacks; the core gives it

VALUE, ERROR = 0, 1  # the OUTCOME_ numbers

# The byte behind a request; kept equal to _adapters/task_messages.py.
_BESIDE, _CHUNK, _MAIN, _FIRST, _SITE, _EMPTY, _SHARE = 1, 2, 4, 8, 16, 32, 64

_MAX_CHAIN = 50  # exceptions of a chain that are kept
_LARGE = 16 << 10  # bytes of a result from which it goes beside its pickle; as _LENT_SIZE of task_messages.py


# --- Exceptions ------------------------------------------------------------------------------------------------------


def _chain(error: BaseException) -> list[tuple[bytes | None, str, str, int, int, bool]]:
    """Each exception of the chain: its pickle, name and text, and the places of its cause and context (-1: none)."""
    found: list[BaseException] = [error]
    places = {id(error): 0}

    def place(other: BaseException | None) -> int:
        if other is None:
            return -1
        if id(other) not in places:
            if len(found) == _MAX_CHAIN:
                return -1
            places[id(other)] = len(found)
            found.append(other)
        return places[id(other)]

    nodes: list[tuple[bytes | None, str, str, int, int, bool]] = []
    while len(nodes) < len(found):
        one = found[len(nodes)]
        try:
            data = _pickled(one)
        except BaseException:
            data = None
        try:
            text = str(one)
        except BaseException:
            text = ""
        links = place(one.__cause__), place(one.__context__), one.__suppress_context__
        nodes.append((data, type(one).__qualname__, text, *links))
    return nodes


def _fail(error: BaseException) -> None:
    """Answer with an exception, as whole as it can be had."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == _RUNTIME:
        trace = trace.tb_next
    error.__traceback__ = trace
    error = _explained(error)
    try:
        import traceback
        import warnings

        with (
            warnings.catch_warnings()
        ):  # 3.15's linecache has one for frames of a main module that was run by its path
            warnings.simplefilter("ignore")
            text = "".join(traceback.format_exception(error))
    except BaseException:
        text = f"{type(error).__name__}\n"
    text = text.encode("utf-8", "backslashreplace").decode()
    _enclave.answer(ERROR, [dumps((_chain(error), text), 5)])


# --- Values ----------------------------------------------------------------------------------------------------------


def _name_dates() -> None:
    """Pickle dates as datetime's, not as those of its version in Python, which is what 3.12 has here."""
    module = sys.modules.get("_pydatetime")
    if module is not None and module.date.__module__ == "_pydatetime":
        for one in (
            module.date,
            module.datetime,
            module.time,
            module.timedelta,
            module.timezone,
            module.tzinfo,
        ):
            one.__module__ = "datetime"
        module.timezone.__reduce__ = lambda self: (
            type(self),
            self.__getinitargs__(),
        )  # without slots of its own


def _pickled(value: object, buffers: list[Any] | None = None) -> bytes:
    """By reference, or by cloudpickle, if that is installed, what cannot be had by reference."""
    if sys.version_info < (3, 13):
        _name_dates()
    put = None if buffers is None else buffers.append
    try:
        data: bytes = dumps(value, 5, buffer_callback=put)
    except Exception:
        if buffers:
            buffers.clear()
        try:
            import cloudpickle
        except ImportError:
            cloudpickle = None
        if cloudpickle is None:
            raise
        data = cloudpickle.dumps(value, 5, buffer_callback=put)
    return data


class _Apart:
    """Large bytes that go beside the pickle, which would copy them."""

    def __init__(self, value: bytes) -> None:
        self.value = value

    def __reduce__(self) -> tuple[type, tuple[Any]]:
        return bytes, (PickleBuffer(self.value),)


def _answer(value: object) -> None:
    buffers: list[Any] = []
    try:
        data = _pickled(_Apart(value) if type(value) is bytes and len(value) >= _LARGE else value, buffers)
        _enclave.answer(VALUE, [data, *[buffer.raw() for buffer in buffers]])
    except BaseException as error:  # SystemExit out of a `__reduce__` is the task's, as out of its function
        _fail(error)


# --- A task ----------------------------------------------------------------------------------------------------------


def _perform(request: bytes) -> Any:
    more = request[-1]
    if more & _SITE:
        _run_site()
    if more & _MAIN:
        try:
            _load_main()
        except BaseException:  # of the tasks that need it, and of no others
            if not more & _FIRST:
                raise
    if more & _EMPTY:
        return None
    beside: Any = _enclave.loans() if more & _BESIDE else ()
    data: Any = request
    if len(request) == 1:  # the pickle is lent as well
        data, *beside = beside
    buffers: list[Any] = [memoryview(one) for one in beside]
    if not more & _SHARE:
        # A task has arguments of its own, to write into without harm to the host's or to other tasks.
        buffers = [one if one.readonly else bytearray(one) for one in buffers]
    function, args, kwargs = loads(data, buffers=buffers)
    del request, data, beside, buffers
    _look_ahead(function)
    if more & _CHUNK:
        return [function(*one) for one in args]
    return function(*args, **kwargs)


def run(request: bytes) -> None:
    """Run one task; the answer is left with the core."""
    _imports_are_served()
    try:
        value = _perform(request)
    except BaseException as error:
        _flush_streams()
        _fail(error)
        return
    _answer(value)
    _flush_streams()


_guard_extensions(_asking)
_leave_process_alone()
_open_streams()
_settle_processes()
_install_faulthandler()
from _pickle import PickleBuffer, dumps, loads  # noqa: E402 - the module is guarded by now
