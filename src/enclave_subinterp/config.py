"""`WorkerPoolConfig` and the checks that it shares with the constructor of `Enclave`.

Every complaint names the field, what came and what was expected.
"""

from __future__ import annotations

import math
import os
import reprlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, Self, cast

from .result import RecycleReason
from .stats import PoolStats

__all__ = ["MB", "NativeCrashPolicy", "WorkerPoolConfig"]

MB = 1024 * 1024

NativeCrashPolicy = Literal["contain", "abort"]

# Fields of `WorkerPoolConfig` that data cannot carry, and those whose "never" JSON has no number for.
_CALLBACKS: Final = ("on_worker_recycled", "on_stats_update")
_MAY_BE_NEVER: Final = ("idle_timeout", "queue_timeout")
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}


class _Brief(reprlib.Repr):
    """CPython refuses to write an int of more than 4,300 digits, and `reprlib` does not expect that before 3.14."""

    def repr_int(self, x: int, level: int) -> str:
        bits = x.bit_length()
        return super().repr_int(x, level) if bits < 10_000 else f"<an int of {bits} bits>"


brief: Final = _Brief().repr  # a bounded repr, of any value


def shown(value: object) -> str:
    """The value as a complaint shows it: its type and a bounded repr."""
    return f"{type(value).__name__} {brief(value)}"


def check_int(field: str, value: object, *, minimum: int, hint: str = "") -> int:
    """The value, if it is an integer (no bool) of at least `minimum`; else TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{field}: expected an integer of at least {minimum}, got {shown(value)}")
    if value < minimum:
        raise ValueError(f"{field}: expected an integer of at least {minimum}, got {brief(value)}{hint}")
    return int(value)


def check_size(field: str, value: object, *, minimum: int, hint: str = "") -> int:
    """`check_int` for bytes, of which the core counts no more than ``sys.maxsize``."""
    size = check_int(field, value, minimum=minimum, hint=hint)
    if size > sys.maxsize:
        raise ValueError(f"{field}: expected at most {sys.maxsize} bytes, got {brief(value)}")
    return size


def check_seconds(field: str, value: object, *, zero: bool = False, infinite: bool = False) -> float:
    """The value as a float of seconds; `zero` and `infinite` say whether 0 and ``math.inf`` are allowed."""
    wanted = f"seconds ({'at least 0' if zero else 'more than 0'}{', math.inf for none' if infinite else ''})"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{field}: expected {wanted}, got {shown(value)}")
    try:
        seconds = float(value)
    except OverflowError:
        seconds = math.nan
    if (
        math.isnan(seconds)
        or seconds < 0
        or (seconds == 0 and not zero)
        or (math.isinf(seconds) and not infinite)
    ):
        raise ValueError(f"{field}: expected {wanted}, got {brief(value)}")
    return seconds


def check_flag(field: str, value: object) -> bool:
    """The value, if it is True or False."""
    if not isinstance(value, bool):
        raise TypeError(f"{field}: expected True or False, got {shown(value)}")
    return value


def check_callable(field: str, value: object, signature: str) -> None:
    """TypeError unless the value is None or callable."""
    if value is not None and not callable(value):
        raise TypeError(f"{field}: expected a callable {signature} or None, got {shown(value)}")


def check_choice(field: str, value: object, choices: tuple[str, ...]) -> str:
    """The value, if it is one of the strings."""
    wanted = "expected one of " + ", ".join(repr(choice) for choice in choices)
    if not isinstance(value, str):
        raise TypeError(f"{field}: {wanted}, got {shown(value)}")
    if value not in choices:
        raise ValueError(f"{field}: {wanted}, got {brief(value)}")
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPoolConfig:
    """How a pool of workers behaves; customise a preset with ``dataclasses.replace``.

    `to_dict` and `from_dict` take it through JSON, `from_env` takes it out of the environment.  Times are seconds,
    sizes bytes.  The defaults are those of ``WorkerPoolPresets.STANDARD``.

    Attributes:
        min_workers: workers that are kept; with `warm_on_init` they are ready when the constructor returns.
        max_workers: workers that there may be under load.
        memory_limit_per_worker: bytes that a worker's interpreter may hold, its own start included.
        memory_check_interval: seconds between two looks of the memory monitor, which replaces a worker whose kept state
            (``pristine=False``) takes more than three quarters of its limit.
        max_executions_per_worker: scripts after which a worker is replaced by a new one.
        idle_timeout: seconds after which an idle worker above the minimum ends; ``math.inf`` for never.
        queue_timeout: seconds that a script may wait for a worker; 0 and ``math.inf`` are allowed.
        max_queue_size: scripts that may wait at a time; 0 refuses at once when all workers are busy.
        graceful_shutdown_timeout: seconds that ``close()`` gives to what runs and waits before it halts.
        max_messages_per_second: tool calls and writes of output that a run may send a second, and at once.  One that is
            large (from some 120 KB or 1,250 items on with 1,000 a second) counts as several: what a run sends at once
            shall cost the host about a tenth of a second at most.  One of any size can be sent.
        max_pending_tool_calls: tool calls of one run that may be open at a time, those included that the script has
            given up and whose tool has not returned.
        max_message_size: bytes of one encoded message: request, value, tool arguments, tool result.
        warm_on_init: start `min_workers` workers in the constructor and wait for them.
        spare_workers: workers kept ready, beside those that serve, to take the place of one that is replaced or to be
            the next under load.
        on_native_crash: "contain" ends the run with WORKER_CRASHED; "abort" ends the whole process.
        max_condemned: condemned slots with more than which the pool starts no new worker; from half of them on
            `PoolStats.restart_advised` is true and a warning was logged.
        on_worker_recycled: called with the `RecycleReason`, on a host thread.
        on_stats_update: called with the `PoolStats`, on a host thread.
        stats_interval: seconds between two calls of `on_stats_update`.

    Raises:
        TypeError, ValueError: a field is wrong; the message names it, what came and what was expected.
    """

    min_workers: int = 2
    max_workers: int = 16
    memory_limit_per_worker: int = 256 * MB
    memory_check_interval: float = 1.0
    max_executions_per_worker: int = 1_000
    idle_timeout: float = 30.0
    queue_timeout: float = 30.0
    max_queue_size: int = 100
    graceful_shutdown_timeout: float = 5.0
    max_messages_per_second: int = 1_000
    max_pending_tool_calls: int = 100
    max_message_size: int = 16 * MB
    warm_on_init: bool = True
    spare_workers: int = 0
    on_native_crash: NativeCrashPolicy = "contain"
    max_condemned: int = 8
    on_worker_recycled: Callable[[RecycleReason], object] | None = None
    on_stats_update: Callable[[PoolStats], object] | None = None
    stats_interval: float = 5.0

    def __post_init__(self) -> None:
        put = object.__setattr__  # the dataclass is frozen; integers given as seconds become floats
        check_int("min_workers", self.min_workers, minimum=0)
        check_int("max_workers", self.max_workers, minimum=1)
        if self.max_workers < self.min_workers:
            raise ValueError(
                f"max_workers: expected at least min_workers ({brief(self.min_workers)}), got"
                f" {brief(self.max_workers)}; give both fields to dataclasses.replace"
            )
        check_size(
            "memory_limit_per_worker", self.memory_limit_per_worker, minimum=8 * MB,
            hint=" (sizes are bytes: 64 MB is 64 * 1024 * 1024)",
        )  # fmt: skip
        check_int("max_executions_per_worker", self.max_executions_per_worker, minimum=1)
        check_int("max_queue_size", self.max_queue_size, minimum=0)
        check_int("max_messages_per_second", self.max_messages_per_second, minimum=1)
        check_int("max_pending_tool_calls", self.max_pending_tool_calls, minimum=1)
        check_size(
            "max_message_size",
            self.max_message_size,
            minimum=1024,
            hint=" (sizes are bytes: 1 MB is 1024 * 1024)",
        )
        check_int("spare_workers", self.spare_workers, minimum=0)
        check_int("max_condemned", self.max_condemned, minimum=0)
        put(self, "memory_check_interval", check_seconds("memory_check_interval", self.memory_check_interval))
        put(self, "stats_interval", check_seconds("stats_interval", self.stats_interval))
        put(self, "idle_timeout", check_seconds("idle_timeout", self.idle_timeout, infinite=True))
        put(
            self,
            "queue_timeout",
            check_seconds("queue_timeout", self.queue_timeout, zero=True, infinite=True),
        )
        put(
            self,
            "graceful_shutdown_timeout",
            check_seconds("graceful_shutdown_timeout", self.graceful_shutdown_timeout, zero=True),
        )
        check_flag("warm_on_init", self.warm_on_init)
        policy = check_choice("on_native_crash", self.on_native_crash, ("contain", "abort"))
        put(self, "on_native_crash", cast(NativeCrashPolicy, policy))
        check_callable("on_worker_recycled", self.on_worker_recycled, "(reason: RecycleReason)")
        check_callable("on_stats_update", self.on_stats_update, "(stats: PoolStats)")

    def to_dict(self) -> dict[str, Any]:
        """The configuration as JSON can carry it: numbers, text and flags by field; ``math.inf`` becomes None.

        Callbacks are left out.
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: None if value == math.inf else value
            for name, value in values.items()
            if name not in _CALLBACKS
        }

    @classmethod
    def _base(cls, base: Self | None) -> Self:
        """What gives the fields that are not given."""
        if base is None:
            return cls()
        if not isinstance(base, cls):
            raise TypeError(f"base: expected a {cls.__name__} or None, got {shown(base)}")
        return base

    @classmethod
    def from_dict(cls, values: Mapping[str, object], *, base: Self | None = None) -> Self:
        """The configuration that `to_dict` gave; fields that are not there are those of `base`.

        Args:
            values: by field; None for ``math.inf`` where a field may be that.
            base: a preset or another configuration, its callbacks included; None for the defaults.

        Raises:
            TypeError, ValueError: a field is unknown, wrong, or a callback; the message names it.
        """
        if not isinstance(values, Mapping):
            raise TypeError(f"values: expected a mapping of fields to values, got {shown(values)}")
        known = [field.name for field in fields(cls) if field.name not in _CALLBACKS]
        for name in values:
            if name in _CALLBACKS:
                raise ValueError(
                    f"{name}: a callback is no data; give it with dataclasses.replace(config, {name}=...)"
                )
            if name not in known:
                raise ValueError(f"expected fields out of {', '.join(known)}; got {brief(name)}")
        given: dict[str, Any] = {
            name: math.inf if value is None and name in _MAY_BE_NEVER else value
            for name, value in values.items()
        }
        return replace(cls._base(base), **given)

    @classmethod
    def from_env(cls, prefix: str = "ENCLAVE_", *, base: Self | None = None) -> Self:
        """The configuration that the process's environment asks for.

        Each field but the callbacks may be set by a variable named as the field in capitals behind `prefix`, such as
        ``ENCLAVE_MAX_WORKERS=8`` or ``ENCLAVE_QUEUE_TIMEOUT=2.5``.  Sizes are bytes, times seconds (``inf`` for never
        where a field may be that), flags ``true`` or ``false``.  Other variables are not looked at.

        Args:
            prefix: what the variables' names begin with.
            base: gives the fields that no variable sets, its callbacks included; None for the defaults.

        Raises:
            ValueError: a variable is wrong; the message names it, what came and what was expected.
            TypeError: an argument is.
        """
        base = cls._base(base)
        if not isinstance(prefix, str):
            raise TypeError(f"prefix: expected the start of variables' names as str, got {shown(prefix)}")
        names = {
            field.name: prefix + field.name.upper() for field in fields(cls) if field.name not in _CALLBACKS
        }
        given = {
            field: _from_text(variable, text, getattr(base, field))
            for field, variable in names.items()
            if (text := os.environ.get(variable)) is not None
        }
        try:
            return replace(base, **given)
        except ValueError as error:
            field, _, complaint = str(error).partition(": ")
            culprits = names[field] if field in given else ", ".join(names[name] for name in given)
            raise ValueError(f"{culprits}: {complaint if field in given else error}") from None


def _from_text(variable: str, text: str, like: object) -> Any:
    """The text as a value of the type that the field has; its range is checked with the others."""
    kind: Callable[[str], object]
    if isinstance(like, bool):
        kind, wanted = lambda text: _FLAGS[text.strip().lower()], "true or false"
    elif isinstance(like, int):
        kind, wanted = int, "an integer"
    elif isinstance(like, float):
        kind, wanted = float, "seconds as a number"
    else:
        return text
    try:
        return kind(text)
    except (ValueError, KeyError):
        raise ValueError(f"{variable}: expected {wanted}, got {brief(text)}") from None
