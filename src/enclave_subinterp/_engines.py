"""What engines put around the user's functions, and what of it runs in the program.

A worker of Dask has its executor call a function of `distributed.worker`, which runs the user's task and makes the
message about it.  Slots cannot import that module (psutil does not load there), and need not: the task alone goes to a
slot, and when it has ended Dask's function is called in the program, with something in the task's place that gives its
value or raises its exception.  So the message stays of Dask's own making.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, NamedTuple

__all__ = ["End", "Inside", "inside"]

type End = Callable[[Any, BaseException | None, float], Any]


class Inside(NamedTuple):
    """The user's call, and what makes of its value or exception and the seconds it took what the engine awaits."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    end: End


def inside(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Inside | None:
    """The call inside a call of one of the known functions; None for all others."""
    if "distributed" not in sys.modules or getattr(function, "__module__", None) != "distributed.worker":
        return None
    take_apart = _KNOWN.get(getattr(function, "__name__", ""))
    return None if take_apart is None else take_apart(function, *args, **kwargs)


def _run_task_simple(wrapper: Callable[..., Any], task: Any, data: Any, time_delay: float) -> Inside:
    return Inside(
        task, (data,), {}, lambda *ended: _message(lambda call: wrapper(call, {}, time_delay), *ended)
    )


def _apply_function_simple(
    wrapper: Callable[..., Any], function: Callable[..., Any], args: Any, kwargs: Any, time_delay: float
) -> Inside:
    return Inside(
        function,
        tuple(args),
        dict(kwargs),
        lambda *ended: _message(lambda call: wrapper(call, (), {}, time_delay), *ended),
    )


# The second is what the first was called before tasks had a class of their own.
_KNOWN: Final[dict[str, Callable[..., Inside]]] = {
    "_run_task_simple": _run_task_simple,
    "apply_function_simple": _apply_function_simple,
}


def _message(
    wrap: Callable[[Callable[..., Any]], Any], value: Any, error: BaseException | None, seconds: float
) -> Any:
    """Dask's message about a task that has ended; raises what Dask lets through (SystemExit, KeyboardInterrupt)."""

    def ended(*_: Any) -> Any:
        if error is not None:
            raise error
        return value

    message = wrap(ended)
    message["start"] = message["stop"] - seconds
    return message
