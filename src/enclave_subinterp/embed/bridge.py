"""The Python side of libenclave.so: what the functions of `enclave.h` come to.

cffi's start calls `attach` with the library's own `ffi` and `lib`.  Objects of Python are kept here under numbers, and
the program has the numbers.  Nothing raises into C: every function returns a status, and tells why on its thread.
"""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import Any, Final

from .. import errors
from .._pool import RunHandle
from ..config import WorkerPoolConfig
from ..enclave import Enclave
from ..json_values import from_text, to_text
from ..presets import SecurityLevel
from ..result import ErrorCode, RunResult

__all__ = ["attach"]

OK: Final = 0
ARGUMENT: Final = 1
CLOSED: Final = 4
TIMEOUT: Final = 8
NO_MEMORY: Final = 10
INTERNAL: Final = 11

# The first that fits: subclasses stand before their bases.
_STATUS: Final[tuple[tuple[type[BaseException], int], ...]] = (
    (errors.PoolClosedError, CLOSED),
    (errors.EnclaveUsageError, 9),
    (errors.QueueFullError, 5),
    (errors.QueueTimeoutError, 6),
    (errors.WorkerStartupError, 7),
    (errors.UnsupportedPlatformError, 3),
    (MemoryError, NO_MEMORY),
    (TypeError, ARGUMENT),
    (ValueError, ARGUMENT),
    (OverflowError, ARGUMENT),
)
_CODES: Final = {code: number for number, code in enumerate(ErrorCode, 1)}
_LEVELS: Final = tuple(SecurityLevel)
_POOL_FIELDS: Final = frozenset(field.name for field in fields(WorkerPoolConfig))
# Arguments of `Enclave` that an option may name; the others come otherwise.
_ARGUMENTS: Final = frozenset(
    {
        "allowed_modules", "cpu_limit", "globals", "max_iterations", "max_output_bytes", "max_output_calls",
        "max_tool_calls", "pristine", "timeout", "tool_timeout",
    }
)  # fmt: skip
# What the program calls, and what cffi answers where even that fails.
_FUNCTIONS: Final = {
    "open": INTERNAL,
    "close": INTERNAL,
    "close_all": None,
    "forget_enclave": None,
    "run": INTERNAL,
    "submit": INTERNAL,
    "wait": INTERNAL,
    "kill": INTERNAL,
    "done": 0,
    "forget_task": None,
    "stats": INTERNAL,
}


def encode_plain(value: object) -> bytes | None:  # noqa: ARG001
    """The JSON of a value, None if it has more in it than JSON has; start.c puts that of `json.c` in its place."""
    return None


class ToolFailed(Exception):
    """A tool of the program reported an error; its name is what the script sees."""


class _OptionError(ValueError):
    """An option of a config is wrong."""


class _Library:
    """One loaded library, and what the program has open in it."""

    def __init__(self, ffi: Any, lib: Any) -> None:
        self.ffi = ffi
        self.lib = lib
        self.numbers = itertools.count(1)
        self.enclaves: dict[int, Enclave] = {}
        self.tasks: dict[int, RunHandle] = {}

    # --- both ways ---------------------------------------------------------------------------------------------------

    def failed(self, error: BaseException) -> int:
        """Tell what went wrong, and give its status."""
        for kind, status in _STATUS:
            if isinstance(error, kind):
                self.tell(str(error) or type(error).__name__)
                return status
        self.tell(f"{type(error).__name__}: {error}")
        return INTERNAL

    def tell(self, message: str) -> None:
        self.lib.ec_tell(message.encode(errors="replace"))

    def text(self, pointer: Any) -> str:
        """A text of the program's.

        Raises:
            UnicodeDecodeError: it is not UTF-8.
        """
        return self.ffi.string(pointer).decode()  # type: ignore[no-any-return]

    def hand_out(self, result: RunResult, to: Any) -> int:
        """Make the C object of a result; returns a status."""
        stats = result.stats
        null = self.ffi.NULL
        out = result.stdout.encode(errors="replace")
        err = result.stderr.encode(errors="replace")
        value = name = message = stack = data = null
        value_size = name_size = message_size = stack_size = data_size = 0
        code = 0
        error = result.error
        if error is None:
            value = _json(result.value)
            value_size = len(value)
        else:
            code = _CODES[error.code]
            name, message = error.name.encode(errors="replace"), error.message.encode(errors="replace")
            name_size, message_size = len(name), len(message)
            if error.stack is not None:
                stack = error.stack.encode(errors="replace")
                stack_size = len(stack)
            if error.data is not None:
                data = _json(error.data)
                data_size = len(data)
        return self.lib.ec_result(  # type: ignore[no-any-return]
            to, code, stats.duration, stats.cpu_time, stats.queue_time, stats.tool_call_count, stats.message_count,
            stats.iteration_count, stats.peak_memory, stats.worker_id, value, value_size, out, len(out), err, len(err),
            name, name_size, message, message_size, stack, stack_size, data, data_size,
        )  # fmt: skip

    # --- what the program calls --------------------------------------------------------------------------------------

    def open(
        self, options: Any, options_count: int, tools: Any, tools_count: int, output: Any, user: Any, to: Any
    ) -> int:
        try:
            arguments = self._arguments(options, options_count)
            if tools_count:
                arguments["tool_handler"] = self._handler(tools, tools_count)
            if output != self.ffi.NULL:
                arguments["on_output"] = partial(self._write, output, user)
            enclave = Enclave(**arguments)
        except BaseException as error:  # noqa: BLE001 - nothing raises into C
            return self.failed(error)
        to[0] = number = next(self.numbers)
        self.enclaves[number] = enclave
        return OK

    def close(self, number: int) -> int:
        try:
            self.enclaves[number].close()
        except BaseException as error:  # noqa: BLE001
            return self.failed(error)
        return OK

    def close_all(self) -> None:
        for enclave in list(self.enclaves.values()):
            try:
                enclave.close()
            except BaseException as error:  # noqa: BLE001
                self.failed(error)

    def forget_enclave(self, number: int) -> None:
        if number in self.enclaves:
            self.close(number)
            del self.enclaves[number]

    def run(self, number: int, source: Any, size: int, timeout: float, variables: Any, to: Any) -> int:
        try:
            enclave = self.enclaves[number]
            if timeout == 0.0 and not variables:
                result = enclave.run(str(self.ffi.buffer(source, size), "utf-8"))
            else:
                result = enclave.run(**self._script(source, size, timeout, variables))
            return self.hand_out(result, to)
        except BaseException as error:  # noqa: BLE001
            return self.failed(error)

    def submit(self, number: int, source: Any, size: int, timeout: float, variables: Any, to: Any) -> int:
        try:
            handle = self.enclaves[number].submit(**self._script(source, size, timeout, variables))
        except BaseException as error:  # noqa: BLE001
            return self.failed(error)
        to[0] = task = next(self.numbers)
        self.tasks[task] = handle
        return OK

    def wait(self, number: int, seconds: float, to: Any) -> int:
        try:
            handle = self.tasks[number]
            if math.isnan(seconds) or seconds < 0:
                raise _OptionError(f"seconds: expected 0 or more, got {seconds}")
            try:
                result = handle.result(None if seconds == math.inf else seconds)
            except TimeoutError as error:
                self.tell(f"{error}".replace("kill()", "enclave_task_kill()"))
                return TIMEOUT
            return self.hand_out(result, to)
        except BaseException as error:  # noqa: BLE001
            return self.failed(error)

    def kill(self, number: int) -> int:
        try:
            self.tasks[number].kill()
        except BaseException as error:  # noqa: BLE001
            return self.failed(error)
        return OK

    def done(self, number: int) -> int:
        return int(self.tasks[number].done())

    def forget_task(self, number: int) -> None:
        self.tasks.pop(number, None)

    def stats(self, number: int, to: Any) -> int:
        try:
            stats = self.enclaves[number].stats()
            for field in fields(stats):
                setattr(to, field.name, getattr(stats, field.name))
        except BaseException as error:  # noqa: BLE001
            return self.failed(error)
        return OK

    # --- arguments ---------------------------------------------------------------------------------------------------

    def _script(self, source: Any, size: int, timeout: float, variables: Any) -> dict[str, Any]:
        found = from_text(self.text(variables)) if variables else None
        return {
            "code": str(self.ffi.buffer(source, size), "utf-8"),
            "timeout": timeout or None,  # 0.0: the enclave's
            "globals": found,
        }

    def _arguments(self, options: Any, count: int) -> dict[str, Any]:
        """The arguments of `Enclave` that the options of a config make up; later ones go before earlier ones."""
        found: dict[str, Any] = {}
        for index in range(count):
            option = options[index]
            found[self.text(option.name)] = self._value(option)
        level = found.pop("security_level", _LEVELS.index(SecurityLevel.STANDARD))
        if type(level) is not int or not 0 <= level < len(_LEVELS):
            raise _OptionError(f"level: expected an enclave_level, got {level!r}")
        for name in found:
            if name not in _ARGUMENTS and name not in _POOL_FIELDS:
                known = ", ".join(sorted({*_ARGUMENTS, *WorkerPoolConfig().to_dict()}))
                raise _OptionError(f"expected options out of {known}; got {name!r}")
        preset = _LEVELS[level].pool_config
        pool = {name: value for name, value in found.items() if name in _POOL_FIELDS}
        if "max_workers" in pool and "min_workers" not in pool and preset.min_workers > pool["max_workers"]:
            preset = replace(preset, min_workers=pool["max_workers"])
        arguments = {name: value for name, value in found.items() if name in _ARGUMENTS}
        arguments["security_level"] = _LEVELS[level]
        arguments["worker_pool_config"] = WorkerPoolConfig.from_dict(pool, base=preset)
        return arguments

    def _value(self, option: Any) -> Any:
        if option.kind == self.lib.EC_NUMBER:
            return option.number
        if option.kind == self.lib.EC_WHOLE:
            return option.whole
        try:
            return from_text(self.text(option.text))
        except ValueError as error:
            raise _OptionError(f"{self.text(option.name)}: expected JSON: {error}") from None

    # --- what scripts call -------------------------------------------------------------------------------------------

    def _handler(self, entries: Any, count: int) -> Callable[[str, dict[str, Any]], Any]:
        ffi, lib = self.ffi, self.lib
        tools: dict[str, Any] = {}
        alive = []
        for index in range(count):
            name = self.ffi.string(entries[index].name)
            kept = ffi.new("char[]", name)
            entry = ffi.new(
                "ec_tool_entry *",
                {"name": kept, "function": entries[index].function, "user": entries[index].user},
            )
            alive.append(kept)
            tools[name.decode()] = entry

        def handler(name: str, arguments: dict[str, Any]) -> Any:
            entry = tools.get(name)
            if entry is None:
                raise LookupError(f"there is no tool {name!r}")
            answer = ffi.new("ec_answer *")
            lib.ec_call(entry, _json(arguments), answer)
            if answer.text == ffi.NULL:
                if answer.failed:
                    raise ToolFailed(f"tool {name!r} failed")
                return None
            try:
                text = bytes(ffi.buffer(answer.text, answer.length))
            finally:
                lib.ec_free(answer.text)
            if answer.failed:
                raise ToolFailed(text.decode(errors="replace"))
            try:
                return from_text(text.decode())
            except ValueError as error:
                raise ValueError(f"tool {name!r} answered with something that is not JSON: {error}") from None

        handler.alive = alive  # type: ignore[attr-defined]
        return handler

    def _write(self, function: Any, user: Any, stream: str, text: str) -> None:
        data = text.encode(errors="replace")
        self.lib.ec_write(function, user, 1 if stream == "stdout" else 2, data, len(data))


def _json(value: object) -> bytes:
    text = encode_plain(value)
    return to_text(value) if text is None else text


def attach(ffi: Any, lib: Any) -> None:
    """Bind the library's functions to a `_Library`.

    What the package logs goes nowhere by default: a program that is not Python has no use for it on its stderr.
    """
    logging.getLogger("enclave_subinterp").addHandler(logging.NullHandler())
    library = _Library(ffi, lib)
    for name, on_error in _FUNCTIONS.items():
        # cffi would print what is raised; nothing is.
        ffi.def_extern(name=f"ec_{name}", onerror=lambda *_: None, error=on_error)(getattr(library, name))
