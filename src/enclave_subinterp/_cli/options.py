"""Options that several commands share, and what they stand for."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import inspect
import json
import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from ..config import MB, WorkerPoolConfig
from ..presets import SecurityLevel

__all__ = ["enclave_options", "enclave_settings"]

_UNITS: Final = {"K": 1024, "M": MB, "G": 1024 * MB}

type Tool = Callable[..., Any]


def size(_context: click.Context, _option: click.Parameter, value: str | None) -> int | None:
    """Bytes, given with a unit."""
    if value is None:
        return None
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG])(?:i?B)?\s*", value, re.IGNORECASE)
    if found is None:
        raise click.BadParameter(f"expected a size with its unit such as 64MB or 1GB, got {value!r}")
    given = int(float(found[1]) * _UNITS[found[2].upper()])
    if given < 8 * MB:
        raise click.BadParameter(f"expected at least 8MB, for an interpreter needs as much; got {value!r}")
    return given


def seconds(_context: click.Context, _option: click.Parameter, value: str | None) -> float | None:
    """A time, or `none` for no limit."""
    if value is None:
        return None
    if value == "none":
        return math.inf
    try:
        given = float(value)
    except ValueError:
        given = math.nan
    if not 0 < given < math.inf:
        raise click.BadParameter(f"expected seconds as a number above 0, or `none`; got {value!r}")
    return given


def pairs(
    _context: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """What stands on both sides of the first equals sign of each."""
    given = []
    for value in values:
        name, _, rest = value.partition("=")
        if not (name and rest):
            raise click.BadParameter(f"expected {option.metavar}, got {value!r}")
        given.append((name, rest))
    return tuple(given)


def enclave_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of commands that run scripts."""
    options = (
        click.option(
            "--level",
            type=click.Choice([level.value for level in SecurityLevel], case_sensitive=False),
            default="STANDARD",
            show_default=True,
            help="How far the script is trusted.",
        ),
        click.option(
            "--timeout",
            callback=seconds,
            metavar="SECONDS",
            help="Wall clock of a run, or `none`. [default: the level's]",
        ),
        click.option(
            "--cpu", callback=seconds, metavar="SECONDS", help="Processor time of a run. [default: none]"
        ),
        click.option(
            "--memory",
            callback=size,
            metavar="SIZE",
            help="Memory of the worker, such as 64MB. [default: the level's]",
        ),
        click.option(
            "--tool",
            "tools",
            callback=pairs,
            multiple=True,
            metavar="NAME=MODULE:FUNCTION",
            help="A function of yours, which the script calls as call_tool(NAME, {...}); again for more.",
        ),
        click.option(
            "--set",
            "variables",
            callback=pairs,
            multiple=True,
            metavar="NAME=JSON",
            help="A variable that the script finds; again for more.",
        ),
        click.option(
            "--allow",
            "modules",
            multiple=True,
            metavar="MODULE",
            help="What the script may import, in the place of the level's list; again for more.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def enclave_settings(
    *,
    level: str,
    timeout: float | None,
    cpu: float | None,
    memory: int | None,
    tools: tuple[tuple[str, str], ...],
    variables: tuple[tuple[str, str], ...],
    modules: tuple[str, ...],
) -> dict[str, Any]:
    """The arguments of an `Enclave` with one worker.

    Raises:
        click.UsageError: a tool or a variable is none.
    """
    config: WorkerPoolConfig = SecurityLevel(level).pool_config
    config = dataclasses.replace(
        config, min_workers=1, max_workers=1, memory_limit_per_worker=memory or config.memory_limit_per_worker
    )
    for name, place in tools:
        if place.partition(":")[0] in modules:
            raise click.UsageError(
                f"--allow {place.partition(':')[0]}: --tool {name}={place} is of this module, and a script that"
                " may import it sees all of its source; put what scripts may see into a module of its own"
            )
    functions = {name: _function(name, place) for name, place in tools}
    return {
        "security_level": level,
        "worker_pool_config": config,
        "timeout": timeout,
        "cpu_limit": None if cpu is None or math.isinf(cpu) else cpu,
        "tool_handler": _handler(functions) if functions else None,
        "globals": {name: _variable(name, text) for name, text in variables} or None,
        "allowed_modules": modules or None,
    }


def _function(name: str, place: str) -> Tool:
    """The function at ``module:function``, imported here in the host; the current folder counts as a place to look."""
    hint = f"--tool {name}={place}"
    module_name, colon, path = place.partition(":")
    if not (module_name and colon and path):
        raise click.UsageError(f"{hint}: expected NAME=module:function, such as price=shop.tools:price")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        # What a module says while it is imported is not the script's output.
        with contextlib.redirect_stdout(sys.stderr):
            found: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise click.UsageError(f"{hint}: {error}; it is looked for in {here} and on Python's path") from error
    except Exception as error:
        raise click.UsageError(
            f"{hint}: the module {module_name} cannot be imported: {type(error).__name__}: {error}"
        ) from error
    for part in path.split("."):
        if not hasattr(found, part):
            there = ", ".join(key for key, value in vars(found).items() if callable(value) and key[0] != "_")
            raise click.UsageError(f"{hint}: {module_name} has no {path}; it has {there or 'no functions'}")
        found = getattr(found, part)
    if not callable(found):
        raise click.UsageError(f"{hint}: {path} is no function but {type(found).__name__}")
    if inspect.iscoroutinefunction(found):
        raise click.UsageError(f"{hint}: {path} is a coroutine function; give a plain one")
    tool: Tool = found
    return tool


def _handler(functions: dict[str, Tool]) -> Callable[[str, dict[str, Any]], Any]:
    def handler(name: str, args: dict[str, Any]) -> Any:
        function = functions.get(name)
        if function is None:
            raise LookupError(f"no tool called {name!r}; there is {', '.join(functions)}")
        return function(**args)

    return handler


def _variable(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise click.UsageError(
            f"--set {name}={text}: expected a value in JSON ({error}); text needs quotes: --set '{name}=\"...\"'"
        ) from error
