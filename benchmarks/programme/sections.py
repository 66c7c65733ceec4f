"""The sections of a run, what each is about and how long it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.programme import calls, holdings, lives

__all__ = ["SECTIONS", "Section"]


@dataclass(frozen=True)
class Section:
    """`measure(seconds, quick)` measures for about so long and returns what JSON can hold."""

    measure: Callable[[float, bool], dict[str, Any]]
    seconds: float
    what: str


SECTIONS: Final[dict[str, Section]] = {
    "call": Section(calls.call, 30, "1+1 and its answer"),
    "items": Section(calls.items, 12, "a dict of 1,000 small items there and back"),
    "payload": Section(calls.payload, 45, "bytes there and back, by size"),
    "tiny": Section(calls.tiny, 25, "tiny tasks a second on two workers"),
    "workers": Section(calls.workers, 30, "tiny tasks a second, by workers"),
    "callers": Section(calls.callers, 30, "a call, by waiting callers"),
    "executions": Section(calls.executions, 90, "a call, by the executions of its worker"),
    "speed_up": Section(calls.speed_up, 20, "what a second processor brings"),
    "start": Section(lives.start, 25, "a worker's start"),
    "kill": Section(lives.kill, 30, "a kill, and the next run"),
    "layers": Section(lives.layers, 30, "what each layer of the sandbox costs"),
    "memory": Section(holdings.memory, 10, "memory of an idle worker"),
    "growth": Section(holdings.growth, 15, "growth a run, a kill, a recycle"),
    "accounting": Section(holdings.accounting, 45, "what accounting costs pure Python"),
}
