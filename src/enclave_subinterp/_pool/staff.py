"""The pool's workers: which live, which rest, who owns the others; their making and their end.

Spare workers stand beside: they are no members of the pool until they take a place in it, so neither the maximum nor
the figures count them.

Methods that end in ``_locked`` and all fields want the pool's lock held; `make` and `end` want it free, for they call
the core (`end` takes it for a moment, to count).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from .._adapters import Adapter, Worker
from .._log import Log
from ..config import WorkerPoolConfig
from ..errors import WorkerStartupError
from ..result import RecycleReason
from ..worker import WorkerInfo, WorkerState
from .clock import Clock
from .ticket import Ticket

__all__ = ["Staff", "tell_of_recycled"]

_log = Log("enclave_subinterp.pool")

END_SECONDS = 1.0  # for the end of one worker, halting included; its waits for a processor do not count


class Staff:
    """Workers of one pool."""

    __slots__ = (
        "_adapter",
        "_clock",
        "_config",
        "_lock",
        "busy",
        "condemned",
        "idle",
        "spares",
        "starting",
        "workers",
    )

    def __init__(
        self, adapter: Adapter, config: WorkerPoolConfig, clock: Clock, lock: threading.RLock
    ) -> None:
        self._lock = lock
        self._adapter = adapter
        self._config = config
        self._clock = clock
        self.workers: dict[Worker, None] = {}  # all that live, in the order of their start
        self.starting: set[object] = set()  # places set aside for workers that are being made, by whom
        self.idle: dict[Worker, float] = {}  # since when (seconds of the clock), the longest idle first
        self.spares: list[Worker] = []  # in the order of their start
        self.busy: dict[Worker, Ticket] = {}  # who owns a worker that is not idle
        self.condemned = 0

    @property
    def restart_advised(self) -> bool:
        """Whether half of the condemned slots that there may be are there."""
        return self.condemned > 0 and 2 * self.condemned >= self._config.max_condemned

    def count_locked(self) -> int:
        """How many there are, those included that are being made."""
        return len(self.workers) + len(self.starting)

    def has_room_locked(self) -> bool:
        """Whether there may be one more."""
        return self.count_locked() < self._config.max_workers

    def below_minimum_locked(self) -> bool:
        """Whether there should be one more."""
        return self.count_locked() < self._config.min_workers

    def gone_locked(self) -> bool:
        """Whether there is none and none to come."""
        return not self.workers and not self.starting

    def pick_idle_locked(self) -> Worker:
        """Take an idle worker; there must be one."""
        # The last used one is warm; but right after a run it may still be rewinding, while older ones are ready.
        idle = self.idle
        for worker in reversed(idle):
            if worker.idle:
                break
        else:
            worker = next(iter(idle))
        del idle[worker]
        return worker

    def take_spare_locked(self) -> Worker | None:
        """Take a spare worker, the oldest, which is the one most likely to be ready."""
        return self.spares.pop(0) if self.spares else None

    def recover_locked(self) -> None:
        """Make those workers idle that nobody has: KeyboardInterrupt struck while one changed hands."""
        for worker in self.workers:
            if worker not in self.busy and worker not in self.idle:
                self.idle[worker] = self._clock.now()

    def rest_locked(self, worker: Worker) -> None:
        """Make a worker idle."""
        if worker not in self.idle:
            self.idle[worker] = self._clock.now()
        self.busy.pop(worker, None)

    def dismiss_locked(self, worker: Worker) -> None:
        """Strike a worker off; it is still to be ended."""
        self.busy.pop(worker, None)
        self.idle.pop(worker, None)
        self.workers.pop(worker, None)

    def show_locked(self, resting: Collection[Worker]) -> list[WorkerInfo]:
        """All that live, and the spare ones, as the embedding program sees them; some in the line may rest."""
        states: dict[Worker, WorkerState] = {
            worker: "active" if worker in self.busy and worker not in resting else "idle"
            for worker in self.workers
        }
        states.update(dict.fromkeys(self.spares, "spare"))
        return [
            WorkerInfo(
                id=worker.id,
                interpreter_id=worker.interpreter_id,
                state=state,
                executions=worker.executions,
                memory=worker.memory(),
            )
            for worker, state in states.items()
        ]

    def make(self) -> Worker:
        """Begin to start a worker.

        Raises:
            WorkerStartupError: it cannot be had, or too many slots are condemned already.
        """
        if self.condemned > self._config.max_condemned:
            raise WorkerStartupError(
                f"no new worker is started: {self.condemned} slots of this enclave could not be ended and are condemned"
                f" (max_condemned is {self._config.max_condemned}); restart the process"
            )
        return self._adapter.create_worker()

    def end(self, worker: Worker) -> bool:
        """End a worker that was struck off, halting what runs on it; False if it had to be condemned."""
        try:
            ended = worker.close(END_SECONDS)
        except Exception:  # noqa: BLE001 - whatever goes wrong there, the others must be ended too
            _log.exception("the end of worker %d failed", worker.id, extra={"worker_id": worker.id})
            ended = False
        if not ended:
            with self._lock:
                before = self.restart_advised
                self.condemned += 1
                condemned, advised = self.condemned, self.restart_advised and not before
            _log.error(
                "worker %d could not be ended and is condemned", worker.id, extra={"worker_id": worker.id}
            )
            if advised:
                _log.warning(
                    "restart the process when it suits: %d slots of this enclave are condemned, and with more than %d"
                    " (max_condemned) it starts no new worker",
                    condemned,
                    self._config.max_condemned,
                    extra={"condemned_slots": condemned},
                )
        return ended


def tell_of_recycled(
    worker: Worker, reason: RecycleReason, callback: Callable[[RecycleReason], object] | None
) -> None:
    """Log that a worker was recycled, and call the embedding program's callback."""
    if _log.detailed:
        about = {"worker_id": worker.id, "reason": reason.value}
        _log.debug("worker %d was recycled: %s", worker.id, reason.value, extra=about)
    if callback is None:
        return
    try:
        callback(reason)
    except Exception:  # noqa: BLE001 - by contract an exception in a callback hurts nothing
        _log.exception("on_worker_recycled raised")
