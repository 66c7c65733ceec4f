"""Imports of tasks: extension modules are asked of the host, and what cannot be had is found before the work begins.

Part of the runtime of slots for trusted functions, behind task_world.py; see tasks.py.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType
    from typing import Any

    from . import _enclave
    from .task_stand_ins import _refuse_stand_ins

_serving = False  # there is a host thread that waits for a run, and answers


def _imports_are_served() -> None:
    global _serving
    _serving = True


def _ask_host(name: str, origin: str | None) -> str | None:
    """Have the host load an extension module first; None, or why it cannot be had."""
    if not _serving:
        return "it was asked for while the worker started"
    call = _enclave.post("import", [name, origin])
    if not isinstance(call, int):
        return str(call[1])
    _, _, answer = _enclave.take(call, None)
    return None if answer is None else str(answer)


def _asking(create: Callable[..., Any]) -> Callable[..., Any]:
    """_imp.create_dynamic or _imp.create_builtin, asking the host for what it has not prepared."""
    create = _enclave.guard(create)

    def create_extension(spec: Any, *rest: Any) -> Any:
        name = spec.name
        if name == "_zoneinfo" and sys.version_info < (3, 13):  # its version in Python serves
            raise _unsupported("zoneinfo", name, "it wants the datetime that is written in C")
        if not _enclave.approved(name):
            reason = _ask_host(name, spec.origin)
            if reason is not None:
                raise _unsupported(name.partition(".")[0], name, reason)
        try:
            return create(spec, *rest)
        except ImportError as error:
            if "subinterpreters" not in str(error):
                raise
            reason = "it does not support isolated subinterpreters"
        raise _unsupported(name.partition(".")[0], name, reason)

    return create_extension


def _unsupported(name: str, extension: str, reason: str) -> ImportError:
    from enclave_subinterp.errors import UnsupportedModuleError

    what = (
        f"module {name!r}" if name == extension else f"module {name!r} (its extension module {extension!r})"
    )
    return UnsupportedModuleError(
        f"{what} does not load in an isolated subinterpreter: {reason}. Run the tasks that need it in a"
        " concurrent.futures.ProcessPoolExecutor, or keep that import in the host and pass plain values, or use a"
        " pure-Python alternative.",
        name=name,
        extension=extension,
        reason=reason,
    )


def _explained(error: BaseException, name: str | None = None) -> BaseException:
    """An error that only says an import failed, as the one that says why, if an unsupported module is behind it."""
    if not isinstance(error, ImportError) or "enclave_subinterp.errors" not in sys.modules:
        return error
    from enclave_subinterp.errors import UnsupportedModuleError

    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        if isinstance(cause, UnsupportedModuleError):
            top = name or cause.name or ""
            if cause is error and (name is None or top.partition(".")[0] == cause.name):
                return error
            found = _unsupported(top, cause.extension, cause.reason)
            found.__cause__ = error
            return found.with_traceback(error.__traceback__)
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__
    return error


# --- Looking ahead ---------------------------------------------------------------------------------------------------

_looked_at: set[CodeType] = set()
_SEEN_LAST = 64  # to hash a code object takes longer than many a task
_seen_last: dict[int, CodeType] = {}


def _look_ahead(function: Any) -> None:
    """Bring about the imports that a function is bound to do, so that one that cannot be had is known now.

    That is: those of its code that no handler guards and no condition jumps over, and those of functions inside it.
    """
    while True:
        inner = getattr(function, "func", None) or getattr(function, "__func__", None)
        if inner is None or inner is function:
            inner = getattr(function, "__wrapped__", None)
        if inner is None:
            break
        function = inner
    code = getattr(function, "__code__", None)
    if code is None or _seen_last.get(id(code)) is code:
        return
    if len(_seen_last) == _SEEN_LAST:
        _seen_last.clear()
    _seen_last[id(code)] = code
    if code in _looked_at:
        return
    _looked_at.add(code)
    scope = getattr(function, "__globals__", None)
    if type(scope) is not dict:
        return
    _refuse_stand_ins(code, scope)
    for name, names, level in _imports(code):
        if level == 0 and name in sys.modules and not names:
            continue
        try:
            __import__(name, scope, None, names, level)
        except Exception as error:
            found = _explained(error, name if level == 0 else None)
            if type(found).__name__ == "UnsupportedModuleError":
                raise found from None
            # Whatever else is wrong, the task will see it when it comes to it.


def _imports(code: CodeType) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """(name, names, level) of each."""
    from types import CodeType

    if code.co_names:
        yield from _own_imports(code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _imports(constant)


def _own_imports(code: CodeType) -> Iterator[tuple[str, tuple[str, ...], int]]:
    import opcode

    wanted = opcode.opmap["IMPORT_NAME"]
    if wanted not in code.co_code[::2]:
        return
    small = opcode.opmap.get("LOAD_SMALL_INT", -1)
    constants = opcode.opmap["LOAD_CONST"]
    # From 3.15 on the two lowest bits say whether the import is lazy (PEP 810): that is no failure yet.
    bits = sys.version_info >= (3, 15)
    for operation, argument, certain, before in _instructions(code):
        if operation != wanted or not certain or len(before) != 2 or (bits and argument & 1):
            continue
        level, names = [
            number if kind == small else code.co_consts[number] if kind == constants else None
            for kind, number in before
        ]
        if type(level) is int:
            yield (
                code.co_names[argument >> 2 if bits else argument],
                names if type(names) is tuple else (),
                level,
            )


def _instructions(code: CodeType) -> Iterator[tuple[int, int, bool, list[tuple[int, int]]]]:
    """(operation, argument, certain, the two before) of each.

    Certain is what no handler guards and no condition jumps over.
    """
    import opcode

    guarded = list(_guarded(code))
    jumps = {number for name, number in opcode.opmap.items() if "POP_JUMP" in name or name == "FOR_ITER"}
    wide = opcode.opmap["EXTENDED_ARG"]
    text = code.co_code
    skipped = 0  # up to here some condition may have jumped
    argument = 0
    before: list[tuple[int, int]] = []
    for at in range(0, len(text), 2):
        operation, argument = text[at], argument << 8 | text[at + 1]
        if operation == wide:
            continue
        if operation != 0:  # no cache
            if operation in jumps:
                skipped = max(skipped, at + 2 + 2 * argument)
            yield operation, argument, at >= skipped and not any(a <= at < b for a, b in guarded), before
            before = [*before[-1:], (operation, argument)]
        argument = 0


def _guarded(code: CodeType) -> Iterator[tuple[int, int]]:
    """The spans of a code object from which exceptions go to a handler (see CPython's exception_handling_notes)."""
    entries = iter(code.co_exceptiontable)

    def number() -> int:
        byte = next(entries)
        value = byte & 63
        while byte & 64:
            byte = next(entries)
            value = value << 6 | byte & 63
        return value

    while True:
        try:
            start, length = 2 * number(), 2 * number()
            number(), number()
        except StopIteration:
            return
        yield start, start + length
