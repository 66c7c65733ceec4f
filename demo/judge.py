"""Decides whether what a script came to is what it must come to."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .catalog import Script
from .plain import canonical
from .reference import Expected

if TYPE_CHECKING:
    from enclave_subinterp import RunResult

_SHOWN = 160


@dataclass(slots=True)
class Outcome:
    """One run of a script: what it came to and what it took (seconds and bytes)."""

    script: Script
    came: str
    right: bool
    detail: str
    duration: float
    peak_memory: int
    worker: int | str
    # What the caller waited beyond the deadline, in seconds; None where no deadline was passed.
    overrun: float | None
    # The run before it on the same worker, by name.
    before: str = ""
    # How the next run on the same worker went: "" not known, "right", "replaced" (by a new worker, right) or
    # a sentence on what went wrong.
    after: str = ""

    @property
    def fine(self) -> bool:
        """Whether this run and the one after it came to what they must."""
        return self.right and self.after in ("", "right", "replaced")


def judge(script: Script, result: RunResult, expected: Expected | None, waited: float) -> Outcome:
    """Compare a result with what the script's header demands and, if given, with plain CPython's.

    ``waited`` is the time in seconds from the submission until the answer was in the caller's hands.
    """
    error = result.error
    came = "OK" if error is None else error.code.value
    if came not in script.expect:
        said = f": {error.name}: {error.message}" if error is not None else f": {reprlib.repr(result.value)}"
        detail = f"must come to {' or '.join(script.expect)}, came to {came}{said[:_SHOWN]}"
    elif error is not None and came == "EXECUTION_ERROR" and script.error not in (None, error.name):
        detail = f"must end with {script.error}, ended with {error.name}: {error.message[:_SHOWN]}"
    elif error is None and expected is not None:
        detail = _difference("value", expected.value, canonical(result.value)) or _difference(
            "stdout", expected.stdout, result.stdout
        )
    else:
        detail = ""
    return Outcome(
        script=script,
        came=came,
        right=not detail,
        detail=detail,
        duration=result.stats.duration,
        peak_memory=result.stats.peak_memory,
        worker=result.stats.worker_id,
        # By the caller's clock, not by the pool's own account; the deadline counts from the end of the queue.
        overrun=waited - result.stats.queue_time - script.timeout if came == "TIMEOUT" else None,
    )


def _difference(what: str, wanted: str, got: str) -> str:
    """Empty if equal, else where the two begin to differ."""
    if wanted == got:
        return ""
    at = next(
        (i for i, (a, b) in enumerate(zip(wanted, got, strict=False)) if a != b), min(len(wanted), len(got))
    )
    begin = max(0, at - 30)
    return f"{what} differs at {at}: plain CPython ...{wanted[begin : at + 50]!r}, here ...{got[begin : at + 50]!r}"
