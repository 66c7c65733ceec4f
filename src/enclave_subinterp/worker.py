"""A worker as the embedding program sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .errors import EnclaveUsageError

__all__ = ["WorkerInfo", "WorkerState"]

WorkerState = Literal["idle", "active", "spare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerInfo:
    """What a worker was when it was asked for.

    Attributes:
        id: the `RunStats.worker_id` of its runs.
        interpreter_id: the id of its interpreter in this process, which no other will have; None while it starts.
        state: "active" with a script, or starting for one that waits; "idle"; or "spare", ready to take a place.
        executions: scripts that it was given.
        memory: bytes that its interpreter holds.
    """

    id: int
    interpreter_id: int | None
    state: WorkerState
    executions: int
    memory: int

    @property
    def name(self) -> str:
        """The name of its thread, "enclave-" and its id."""
        return f"enclave-{self.id}"

    def interpreter(self) -> Any:
        """The worker as a PEP 734 interpreter.

        That is a ``concurrent.interpreters.Interpreter`` from Python 3.14 on, that of the distribution
        ``interpreters-pep-734`` on 3.13 if it is installed, and otherwise an object of the same shape.  It is there to
        be looked at: what would run in the worker or end it is refused, for it is the enclave's.

        Raises:
            EnclaveUsageError: the worker was still starting, or has ended.
        """
        from ._interpreters import show

        if self.interpreter_id is None:
            raise EnclaveUsageError(f"worker {self.id} was still starting; ask Enclave.workers() again")
        try:
            return show(self.interpreter_id)
        except LookupError as error:
            raise EnclaveUsageError(f"worker {self.id} has ended; ask Enclave.workers() again") from error
