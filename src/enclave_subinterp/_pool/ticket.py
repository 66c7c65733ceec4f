"""A script's place in the pool: in the queue, with a worker, or done with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Protocol

from .._adapters import Job, Worker
from ..errors import EnclaveError
from ..result import RunResult

__all__ = ["Gate", "Handle", "LockType", "Ticket"]

LockType: Final = type(threading.Lock())


class Gate(Protocol):
    """Where a caller waits for its worker."""

    def release(self) -> None:
        """Let it go on; from any thread, the pool's lock may be held."""


class Handle(Protocol):
    """Who is told of the end of what was submitted."""

    def _finish(self, result: RunResult | None, failure: EnclaveError | None) -> None:
        """The result, or why it never began; once."""


def _thread_gate() -> threading.Lock:
    gate = threading.Lock()
    gate.acquire()
    return gate


class Ticket:
    """One script.  All fields but `job` are guarded by the pool's lock, or belong to the thread that serves it.

    A blocking caller waits at `gate`; a submitted script has a `handle` instead and is served by a driver.
    """

    __slots__ = (
        "ahead",
        "came",
        "deadline",
        "failure",
        "gate",
        "grow",
        "handle",
        "job",
        "make_gate",
        "queued",
        "resting",
        "thread",
        "worker",
    )

    def __init__(self, job: Job) -> None:
        self.job = job
        self.worker: Worker | None = None
        self.grow = False  # room for a new worker was set aside for it
        self.queued = False
        self.ahead = False  # in the line; see line.py
        self.came = 0.0  # seconds of the pool's clock; 0.0 if it did not have to wait
        self.deadline = 0.0  # seconds of the pool's clock; math.inf for none
        self.gate: Gate | None = None
        self.make_gate: Callable[[], Gate] = _thread_gate
        self.handle: Handle | None = None
        self.failure: EnclaveError | None = None  # why it will not begin
        self.resting = False  # a session between two runs: its worker may be ended at any time
        self.thread = 0  # ident of the thread that serves it
