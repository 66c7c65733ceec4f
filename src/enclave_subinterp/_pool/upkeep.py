"""The maintenance thread: what a pool does because time has passed, not because somebody called.

There is at most one of it, and only while something is planned; it sleeps until the first plan is due.  It decides
under the pool's lock; whatever calls back or takes its time is a chore for the drivers.

    queue      a submitted script's `queue_timeout` is over: QueueTimeoutError.  (A blocking caller sees to it itself.)
    idleness   a worker above the minimum that rested for `idle_timeout` is ended: IDLE.
    memory     every `memory_check_interval`, if a script has run since: a worker whose *kept* state takes too much of
               its limit is replaced: MEMORY_LIMIT.  (What is rewound has no such state; the hard limit holds for all.)
    report     every `stats_interval`, if there is an `on_stats_update`.
    spares     there are fewer than `spare_workers`.
    visits     a session may be unused.  It says itself when to look again, so that its use costs nothing but a note of
               the time.

Lock: the pool's.  Methods that end in ``_locked`` want it held, the others want it free.
"""

from __future__ import annotations

import math
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from .._adapters import Worker
from .._log import Log
from ..config import WorkerPoolConfig
from ..errors import WorkerStartupError
from ..result import RecycleReason
from .closing import State
from .drivers import shielded
from .ticket import Ticket

if TYPE_CHECKING:
    from .pool import Pool

__all__ = ["Upkeep", "Visit"]

_log = Log("enclave_subinterp.pool")

KEPT_SHARE: Final = 0.75  # of the memory limit: with less left, the next honest script might fail
RETRY_SECONDS: Final = 5.0  # until the next try after a spare worker could not be made

type Visit = Callable[[], float | None]  # when to come again (the pool's clock), or None


class Upkeep:
    """The plans of one pool and the thread that keeps them."""

    def __init__(self, pool: Pool, config: WorkerPoolConfig, keeps_state: bool) -> None:
        self._pool = pool
        self._config = config
        self._condition = threading.Condition(pool.lock)
        self._thread: threading.Thread | None = None
        self._leaving: threading.Thread | None = None  # one that has nothing left to do, on its last steps
        self._stopping = False
        self.unattended = False  # something is planned and there is no thread: call `attend`
        # When the next of each kind is due, on the pool's clock; math.inf for no plan.
        self._next = math.inf  # the first of them all, as the thread sleeps
        self._look_due = math.inf
        self._restock_due = math.inf
        self._report_due = math.inf
        self._restocking = False  # a spare worker is being made
        self._short = False  # the last spare worker could not be made
        self._reporting = False  # a report waits for a driver or is being made
        self.watches_memory = keeps_state
        self._suspects: set[Worker] = set()  # they held too much while they served
        self._visits: list[tuple[float, weakref.WeakMethod[Visit]]] = []
        with pool.lock:
            if config.on_stats_update is not None:
                self._report_due = pool.clock.now() + config.stats_interval
                self._plan_locked(self._report_due)
            self.restock_locked()

    # -- plans --------------------------------------------------------------------------------------------------------

    def script_waits_locked(self, deadline: float) -> None:
        """A submitted script waits, until `deadline`."""
        self._plan_locked(deadline)

    def worker_came_locked(self) -> None:
        """A worker was added, so that there may be more than the minimum."""
        if len(self._pool.staff.workers) > self._config.min_workers:
            self._plan_locked(self._pool.clock.now() + self._config.idle_timeout)

    def worker_ran_locked(self) -> None:
        """A worker that keeps its state has run a script; to be called only if `watches_memory`."""
        if self._look_due == math.inf:
            self._look_due = self._pool.clock.now() + self._config.memory_check_interval
            self._plan_locked(self._look_due)

    def restock_locked(self) -> None:
        """A spare worker may be missing."""
        planned = self._restocking or self._restock_due < math.inf
        if not planned and len(self._pool.staff.spares) < self._config.spare_workers:
            self._restock_due = self._pool.clock.now()
            self._plan_locked(self._restock_due)

    def visit(self, when: float, visit: weakref.WeakMethod[Visit]) -> None:
        """Have a method called by a driver once `when` is over; the lock is free."""
        with self._pool.lock:
            self._visits.append((when, visit))
            self._plan_locked(when)
        self.attend()

    def overfull_locked(self, worker: Worker) -> bool:
        """Whether a worker that comes back was found with too much memory, and still has it."""
        if worker not in self._suspects:
            return False
        self._suspects.discard(worker)
        return self._holds_too_much(worker)

    def suspects_locked(self, worker: Worker) -> bool:
        """Whether a worker was found with too much memory while it served."""
        return worker in self._suspects

    def _plan_locked(self, due: float) -> None:
        if due < self._next:
            self._next = due
            if self._thread is not None:
                self._condition.notify()
        if self._thread is None and self._next < math.inf and not self._stopping:
            self.unattended = True

    # -- the thread ---------------------------------------------------------------------------------------------------

    def attend(self) -> None:
        """Start the thread, if it is still wanted."""
        with self._pool.lock:
            if not self.unattended or self._thread is not None:
                return
            self.unattended = False
            thread = self._thread = threading.Thread(target=self._main, name="enclave-upkeep", daemon=False)
        try:
            thread.start()
        except BaseException as error:
            with self._pool.lock:
                if thread.ident is None and self._thread is thread:  # to be tried again after the next call
                    self._thread = None
                    self.unattended = not self._stopping
            if not isinstance(error, RuntimeError):
                raise
            _log.warning("the maintenance thread could not be started: %s", error)

    def stop_locked(self) -> None:
        """Let the thread end."""
        self._stopping = True
        self.unattended = False
        self._condition.notify_all()

    def join(self, deadline: float) -> bool:
        """Wait for the thread's end until `deadline` (of ``time.monotonic``); False if it was not seen."""
        with self._pool.lock:
            threads = {self._thread, self._leaving} - {None, threading.current_thread()}
        for thread in threads:
            if thread is not None and thread.ident is not None:  # else it was interrupted in its start
                thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread is not None and thread.is_alive() for thread in threads)

    def _leave_locked(self) -> None:
        self._leaving, self._thread = self._thread, None

    def _main(self) -> None:
        pool = self._pool
        with pool.lock:
            if self._thread not in {None, threading.current_thread()}:
                return  # its start was interrupted, and another one has come meanwhile
            self._thread = threading.current_thread()
        while True:
            with pool.lock:
                while True:
                    now = pool.clock.now()
                    if self._stopping:
                        self._leave_locked()
                        return
                    chores = self._keep_locked(now) if self._next <= now else []
                    if chores:
                        break
                    if self._next == math.inf:
                        self._leave_locked()
                        return
                    pool.clock.wait(self._condition, self._next - now)
            for chore in chores:
                try:
                    chore()
                except Exception:  # noqa: BLE001 - one duty's trouble must not cost the pool the others
                    _log.exception("the maintenance thread met an error of its own")
            if pool.drivers.wanted:  # a worker that was replaced went to a script
                pool.drivers.relieve()

    def _keep_locked(self, now: float) -> list[Callable[[], None]]:
        """Do what is due, and plan anew; what is to be done with the lock free."""
        chores: list[Callable[[], None]] = []
        plans = [self._expire_locked(now, chores)]
        if self._pool.state is State.OPEN:
            plans += [
                self._end_idle_locked(now, chores),
                self._look_locked(now, chores),
                self._report_locked(now, chores),
                self._restock_one_locked(now, chores),
                self._visit_locked(now, chores),
            ]
        self._next = min(plans)
        return chores

    # -- duties: each returns when it is due again --------------------------------------------------------------------

    def _expire_locked(self, now: float, chores: list[Callable[[], None]]) -> float:
        queue = self._pool.queue
        late = queue.take_expired(now)
        if late:
            chores.append(partial(self._pool.drivers.chore, partial(self._refuse, late)))
        deadline = queue.next_deadline()
        return math.inf if deadline is None else deadline

    def _end_idle_locked(self, now: float, chores: list[Callable[[], None]]) -> float:
        staff, config = self._pool.staff, self._config
        surplus = len(staff.workers) - config.min_workers
        ended: list[Worker] = []
        for worker, since in list(staff.idle.items()):  # the longest idle first
            if surplus <= 0 or since + config.idle_timeout > now:
                break
            surplus -= 1
            ended.append(worker)
        self._dismiss_locked(ended, RecycleReason.IDLE, chores)
        if surplus <= 0:
            return math.inf
        return min(staff.idle.values(), default=now) + config.idle_timeout

    def _look_locked(self, now: float, chores: list[Callable[[], None]]) -> float:
        if self._look_due > now:
            return self._look_due
        staff = self._pool.staff
        self._suspects = {worker for worker in staff.workers if self._holds_too_much(worker)}
        ended = [worker for worker in self._suspects if worker in staff.idle]
        self._suspects.difference_update(ended)
        self._dismiss_locked(ended, RecycleReason.MEMORY_LIMIT, chores)
        chores += [
            partial(self._pool.replace, worker)
            for worker in ended
            if staff.below_minimum_locked() and self._pool.fill_locked(worker)
        ]
        self._look_due = math.inf  # until the next script has run
        return self._look_due

    def _holds_too_much(self, worker: Worker) -> bool:
        return worker.memory() > KEPT_SHARE * self._config.memory_limit_per_worker

    def _dismiss_locked(
        self, workers: list[Worker], reason: RecycleReason, chores: list[Callable[[], None]]
    ) -> None:
        if not workers:
            return
        for worker in workers:
            self._pool.staff.dismiss_locked(worker)
        self._pool.counters.recycles += len(workers)
        chores.append(partial(self._pool.drivers.chore, partial(self._end, workers, reason)))

    def _report_locked(self, now: float, chores: list[Callable[[], None]]) -> float:
        if self._report_due <= now:
            self._report_due = now + self._config.stats_interval
            if not self._reporting:  # one that takes longer than the interval is not piled upon
                self._reporting = True
                chores.append(partial(self._pool.drivers.chore, self._report))
        return self._report_due

    def _restock_one_locked(self, now: float, chores: list[Callable[[], None]]) -> float:
        if self._restock_due <= now:
            self._restock_due = math.inf
            self._restocking = True
            chores.append(self._restock)
        return self._restock_due

    def _visit_locked(self, now: float, chores: list[Callable[[], None]]) -> float:
        for entry in [entry for entry in self._visits if entry[0] <= now]:
            self._visits.remove(entry)
            chores.append(partial(self._pool.drivers.chore, partial(self._visit, entry[1])))
        return min((when for when, _ in self._visits), default=math.inf)

    # -- chores -------------------------------------------------------------------------------------------------------

    def _refuse(self, late: list[Ticket]) -> None:
        for ticket in late:
            shielded(self._pool.finish, ticket)

    def _end(self, workers: list[Worker], reason: RecycleReason) -> None:
        for worker in workers:
            self._pool.staff.end(worker)
        for worker in workers:
            shielded(self._pool.tell, reason, worker)

    def _report(self) -> None:
        callback = self._config.on_stats_update
        assert callback is not None
        try:
            if self._pool.state is State.OPEN:
                callback(self._pool.stats())
        except Exception:  # noqa: BLE001 - by contract an exception in a callback hurts nothing
            _log.exception("on_stats_update raised")
        finally:
            self._reporting = False

    def _visit(self, reference: weakref.WeakMethod[Visit]) -> None:
        visit = reference()
        again = None if visit is None else visit()
        if again is not None:
            self.visit(again, reference)

    def _restock(self) -> None:
        pool, staff = self._pool, self._pool.staff
        worker: Worker | None = None
        try:
            worker = staff.make()
        except WorkerStartupError as error:
            if not self._short:  # said once, though tried again and again
                _log.error("a spare worker could not be started: %s", error)
        self._short = worker is None
        with pool.lock:
            self._restocking = False
            if worker is None:
                self._restock_due = pool.clock.now() + RETRY_SECONDS
                self._plan_locked(self._restock_due)
                return
            if pool.state is State.OPEN:
                staff.spares.append(worker)
                self.restock_locked()
                return
        staff.end(worker)
