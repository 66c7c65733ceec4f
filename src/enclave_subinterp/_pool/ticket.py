"""A script's place in the pool: in the queue, with a worker, or done with it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from .._adapters import Job, Worker
from ..errors import EnclaveError

if TYPE_CHECKING:
    from .handle import RunHandle

__all__ = ["Ticket"]


class Ticket:
    """One script.  All fields but `job` are guarded by the pool's lock, or belong to the thread that serves it.

    A blocking caller waits at `gate`; a submitted script has a `handle` instead and is served by a driver.
    """

    __slots__ = ("came", "deadline", "failure", "gate", "grow", "handle", "job", "queued", "resting", "thread", "worker")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.worker: Worker | None = None
        self.grow = False  # room for a new worker was set aside for it
        self.queued = False
        self.came = 0.0  # monotonic seconds; 0.0 if it did not have to wait
        self.deadline = 0.0  # monotonic seconds; math.inf for none
        self.gate: threading.Lock | None = None
        self.handle: RunHandle | None = None
        self.failure: EnclaveError | None = None  # why it will not begin
        self.resting = False  # a session between two runs: its worker may be ended at any time
        self.thread = 0  # ident of the thread that serves it
