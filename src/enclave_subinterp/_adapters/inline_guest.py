"""What a script of adapter "inline" runs in: its namespace, its builtins, and the modules that stand in for the host's.

The namespace is the script's own; everything that can be reached from it is the host's.  Stand-ins are there so that
ordinary programs do no ordinary harm: what they print goes to the result and not to the host's streams, which other
threads use at the same time.  They are no walls.
"""

from __future__ import annotations

import builtins
import contextlib
import sys
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, Final, final

from ..guest.compiling import compile_script
from ..guest.imports import guarded_import, import_permission
from ..guest.process import Input
from ..guest.rules import RULES, allowed_builtins
from ..guest.surface import ToolError, make_output, make_print, make_tools
from ..guest.turns import bind_counter
from . import RunSettings
from .library import allowed_at
from .requests import FILENAME

if TYPE_CHECKING:
    from .inline_run import InlineRun

__all__ = ["Guest", "Surroundings"]

_KEPT_SCRIPTS: Final = 128
_KEPT_LENGTH: Final = 32 * 1024  # characters


@final
class Surroundings:
    """What all guests of an enclave have in common."""

    def __init__(self, settings: RunSettings) -> None:
        level = settings.security_level
        allowed = settings.allowed_modules
        if allowed is None:
            allowed = allowed_at(level) - {"__main__"}  # which would be the host's program
        here = vars(builtins)
        self.level = level
        self._rules = RULES[level]
        self.counts = settings.max_iterations is not None
        self._kept = lru_cache(_KEPT_SCRIPTS)(self._compile)
        self.permitted = import_permission(allowed)
        self.builtins = {name: here[name] for name in allowed_builtins(level) if name in here}
        self.builtins["ToolError"] = ToolError
        for name in ("open", "breakpoint"):
            if name in self.builtins:
                self.builtins[name] = _refusing(name)

    def compile(self, source: str) -> tuple[CodeType, CodeType | None]:
        """As `compile_script`; of short scripts the last ones are kept, for code does not change by being run."""
        return self._kept(source) if len(source) <= _KEPT_LENGTH else self._compile(source)

    def _compile(self, source: str) -> tuple[CodeType, CodeType | None]:
        return compile_script(source, FILENAME, self._rules, self.counts)


def _refusing(name: str) -> Callable[..., None]:
    def refused(*_args: object, **_keywords: object) -> None:
        raise PermissionError(f"{name}() is not permitted in an enclave")

    refused.__name__ = refused.__qualname__ = name
    refused.__module__ = "builtins"
    return refused


@final
class Guest:
    """One namespace and what belongs to it.  `run` is the run that it serves; a session's guest serves many."""

    run: InlineRun

    def __init__(self, common: Surroundings) -> None:
        stdout, stderr = make_output(self._emit, 1, "<stdout>"), make_output(self._emit, 2, "<stderr>")
        self._stand_ins: dict[str, ModuleType] = {}
        self._common = common
        self._system = system = _StandIn(sys)
        vars(system).update(
            stdout=stdout, __stdout__=stdout, stderr=stderr, __stderr__=stderr, stdin=Input(), argv=[""]
        )
        self._builtins = _StandIn(builtins)
        self.builtins = scope = vars(self._builtins)
        scope.update(common.builtins)
        scope["print"] = make_print(self._emit, system, stdout, print)
        scope["call_tool"], scope["acall_tool"] = make_tools(self._post, self._take, self._awaited)
        scope["__import__"] = guarded_import(common.permitted, common.level, self._import)
        if "input" in scope:
            scope["input"] = self._input
        self.namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": scope}

    def compile(self, source: str) -> tuple[CodeType, CodeType | None]:
        """The code of a script, whose loops count where they are to; raises as `compile_script`."""
        code, expression = self._common.compile(source)
        if self._common.counts:
            code = bind_counter(code, self.turn)
            expression = None if expression is None else bind_counter(expression, self.turn)
        return code, expression

    def turn(self) -> bool:
        """One turn of a loop; as `_enclave.turn`."""
        return self.run.turn()

    # What the script calls goes to the run of the moment.

    def _emit(self, stream: int, text: str) -> None:
        self.run.emit(stream, text)

    def _post(self, name: str, arguments: object) -> int | tuple[str, str]:
        return self.run.post(name, arguments)

    def _take(self, call_id: int, _timeout: None) -> tuple[int, bool, Any]:
        return self.run.take(call_id)

    def _awaited(self, call_id: int) -> Any:
        return self.run.awaited(call_id)

    def _input(self, prompt: object = "", /) -> str:
        """Read a line from sys.stdin, which is empty."""
        self.builtins["print"](prompt, end="")
        line: str = self._system.stdin.readline()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.removesuffix("\n")

    def _import(self, name: str, names: Any, local: Any, fromlist: Any, level: int) -> Any:
        # Not to be left half-way: the modules are the host's too.
        module = self.run.host(builtins.__import__, name, names, local, fromlist, level)
        return self._stand_in(name) if level == 0 and name in _STAND_INS else module

    def _stand_in(self, name: str) -> ModuleType:
        found = self._stand_ins.get(name)
        if found is None:
            found = self._stand_ins[name] = _STAND_INS[name](self)
        return found


class _StandIn(ModuleType):
    """A module in the place of the real one: what it does not have itself is the real one's."""

    def __init__(self, real: ModuleType) -> None:
        super().__init__(real.__name__, real.__doc__)
        self.__real = real
        self.__spec__ = real.__spec__

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__real, name)

    def __dir__(self) -> list[str]:
        return sorted({*dir(self.__real), *vars(self)})


def _system_of(guest: Guest) -> ModuleType:
    return guest._system


def _builtins_of(guest: Guest) -> ModuleType:
    return guest._builtins


def _contextlib_of(guest: Guest) -> ModuleType:
    """With redirections of the script's own streams: the real ones would turn those of the whole process."""

    class Redirection(contextlib.AbstractContextManager[Any]):
        stream: str

        def __init__(self, new_target: Any) -> None:
            self._new_target = new_target
            self._old_targets: list[Any] = []

        def __enter__(self) -> Any:
            self._old_targets.append(getattr(guest._system, self.stream))
            setattr(guest._system, self.stream, self._new_target)
            return self._new_target

        def __exit__(self, *_: object) -> None:
            setattr(guest._system, self.stream, self._old_targets.pop())

    made = _StandIn(contextlib)
    for stream in ("stdout", "stderr"):
        name = f"redirect_{stream}"
        vars(made)[name] = type(name, (Redirection,), {"stream": stream, "__module__": "contextlib"})
    return made


_STAND_INS: Final[dict[str, Callable[[Guest], ModuleType]]] = {
    "sys": _system_of,
    "builtins": _builtins_of,
    "contextlib": _contextlib_of,
}
