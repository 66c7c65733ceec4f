"""The pool proper: admission, hand-over, replacement.

Lock order and ownership
    One re-entrant lock per pool, with one condition for idle drivers and one for whoever waits for the pool's end.  It
    guards queue, staff, counters, drivers' lists and every `Ticket`; nothing that blocks or calls back is done while
    it is held, and no other lock is taken under it.  It is re-entrant only so that its owner can be told: whoever
    holds it and comes again is a signal handler or finalizer that interrupted us: EnclaveUsageError, no deadlock.

    A worker is owned by the ticket that `Staff.busy` names for it; only the thread that serves that ticket runs it.

Workers and scripts
    A worker that comes back goes straight to the head of the queue, so an idle worker and a waiting script never exist
    side by side and order is kept.  A blocking caller waits at a gate of its own (no herd); a submitted script is
    handed to a driver.
"""

from __future__ import annotations

import threading
import time
from functools import partial

from .._adapters import Abort, Adapter, Job, Worker, WorkerLost
from .._log import Log
from ..config import WorkerPoolConfig
from ..errors import EnclaveError, EnclaveUsageError, PoolClosedError, WorkerStartupError
from ..result import RecycleReason, RunResult
from ..stats import PoolStats
from ..worker import WorkerInfo
from . import closing, lifecycle
from .clock import Clock, MonotonicClock
from .closing import State
from .counters import Counters
from .drivers import Drivers, no_thread, shielded
from .handle import RunHandle
from .line import Line
from .queue import WaitingQueue
from .staff import Staff, tell_of_recycled
from .stretch import Stretch
from .ticket import LockType, Ticket
from .upkeep import Upkeep

__all__ = ["Pool"]

_log = Log("enclave_subinterp.pool")

ATTEMPTS = 3  # workers that a script may find unusable before it gives up

_ENDING = (State.HALTING, State.CLOSED)


class Pool:
    """Workers, queue and drivers of one enclave.  The public fields are for the other files of this package."""

    startup_seconds = 60.0  # a worker that is not ready by then never will be

    def __init__(self, adapter: Adapter, config: WorkerPoolConfig, clock: Clock | None = None) -> None:
        """Start `min_workers` workers and wait for them, if the configuration says so; `clock` is for tests.

        Raises:
            WorkerStartupError: one of them could not be started; those that were are ended.
        """
        self.close_adapter = adapter.close
        self.aborted = adapter.aborted
        self._config = config
        self.grace = config.graceful_shutdown_timeout
        self.in_child = False
        self._make_locks()
        self.state = State.OPEN
        self.closer = 0  # ident of the thread that closes
        self.submits = True
        self.clock = MonotonicClock() if clock is None else clock
        self.queue = WaitingQueue(config, self.clock)
        self.staff = Staff(adapter, config, self.clock, self.lock)
        self.counters = Counters()
        self.drivers = Drivers(self, self.lock)
        jobs = adapter.make_queue()
        self.line = None if jobs is None else Line(self, jobs)
        self.upkeep = Upkeep(self, config, adapter.keeps_state)
        lifecycle.register(self)
        if config.warm_on_init:
            self._warm()
        self.upkeep.attend()

    def _make_locks(self) -> None:
        self.lock = threading.RLock()
        self.ended = threading.Condition(self.lock)
        self.is_owned = self.lock._is_owned  # type: ignore[attr-defined]

    # -- what the enclave calls --------------------------------------------------------------------------------------

    def run(self, job: Job) -> RunResult:
        """Serve a job on the calling thread, tool calls included, and return its result.

        The caller has asked `check_usable`.

        Raises:
            PoolClosedError, QueueFullError, QueueTimeoutError, WorkerStartupError: it never began.
        """
        if job.outcome is None:
            ticket = Ticket(job)
            try:
                try:
                    self.admit(ticket)
                    self._serve(ticket)
                finally:
                    self.give_back(ticket)
            except BaseException:
                self.give_back(ticket)  # again, if KeyboardInterrupt struck in the first
                self._let_go()
                raise
        assert job.outcome is not None
        return job.outcome.result

    def submit(self, job: Job, keep: object) -> RunHandle:
        """Have a job served by a driver; `keep` is kept alive until its end.  Raises as `run`, but for the wait."""
        ticket = Ticket(job)
        handle = ticket.handle = RunHandle(self, ticket, keep)
        if job.outcome is not None:
            self.finish(ticket)
        else:
            self.enter(ticket)
        return handle

    def enter(self, ticket: Ticket) -> None:
        """Have a ticket's job served by a driver, which tells its handle; raises as `submit`."""
        try:
            self.admit(ticket)
            self.drivers.recruit()
            if self.upkeep.unattended:
                self.upkeep.attend()
        except BaseException as error:
            with self.lock:
                mine = self.drivers.withdraw_locked(ticket) or ticket.queued
            if mine:
                self.give_back(ticket)
            self._let_go()
            if not mine and not isinstance(error, Exception):  # a driver has it: nobody would have its handle
                self.kill(ticket)
            if not isinstance(error, RuntimeError) or isinstance(error, EnclaveError):
                raise
            if mine:
                raise no_thread(error) from error

    def take(self, ticket: Ticket) -> None:
        """Wait for a worker for a session's ticket, as `run` would for a job's; raises as `run`."""
        try:
            self.admit(ticket)
            self._serve(ticket)
        except BaseException:
            self.give_back(ticket)
            self._let_go()
            raise

    def executions_left(self, worker: Worker) -> int:
        """How many more jobs the worker may serve."""
        return self._config.max_executions_per_worker - worker.executions

    def kill(self, ticket: Ticket) -> bool:
        """End a submitted script; False if it has ended."""
        self.check_owner("kill")
        job = ticket.job
        with self.lock:
            worker = ticket.worker
            waited = self.leave_queue(ticket)
            if waited:
                job.outcome = self.aborted(Abort.KILLED)
            elif ticket.ahead and self.line is not None:
                return self.line.jobs.abort(job, Abort.KILLED)
            elif worker is None:
                if job.outcome is not None or ticket.failure is not None:
                    return False
                job.abort = job.abort or Abort.KILLED  # its worker is being made
                return True
        if waited:
            self.finish(ticket)
            return True
        assert worker is not None
        return worker.abort(job, Abort.KILLED)

    def stats(self) -> PoolStats:
        """A snapshot."""
        self.check_owner("stats")
        staff = self.staff
        with self.lock:
            resting = 0 if self.line is None else self.line.idle_locked()
            return self.counters.snapshot(
                active=len(staff.busy) + len(staff.starting) - resting,
                idle=len(staff.idle) + resting,
                total=staff.count_locked(),
                queued=len(self.queue),
                condemned=staff.condemned,
                restart_advised=staff.restart_advised,
                memory=[worker.memory() for worker in staff.workers],
            )

    def workers(self) -> list[WorkerInfo]:
        """The living workers, in the order of their start, and the spare ones."""
        self.check_owner("workers")
        with self.lock:
            return self.staff.show_locked(() if self.line is None else self.line.resting_locked())

    def close(self, grace: float | None = None) -> None:
        """Close, giving what runs and waits `grace` seconds (None: as configured); does nothing in a fork's child."""
        if self.in_child:
            return
        self.check_owner("close")
        if grace is None:
            grace = self.grace
        try:
            closing.close(self, time.monotonic() + grace)
        except BaseException:
            self._let_go()
            raise

    @property
    def closed(self) -> bool:
        """Whether `close` was called, or the pool belongs to the parent of this process."""
        return self.in_child or self.state is not State.OPEN

    def discard(self) -> None:
        """Close from a finalizer: nothing runs any more; left to the exit of the process if it came in between us."""
        if not self.closed and not self.is_owned():
            closing.close(self, 0.0)

    def _let_go(self) -> None:
        """Give up the lock after an interruption.

        From 3.14 on a signal handler may strike between ``with`` having taken the lock and guarding it.  Whoever comes
        here did not hold it when it came, so all that this thread holds of it was left behind.
        """
        while self.is_owned():
            self.lock.release()

    # -- checks ------------------------------------------------------------------------------------------------------

    def check_process(self) -> None:
        """EnclaveUsageError in the child of a fork."""
        if self.in_child:
            raise EnclaveUsageError(
                "this enclave was made before fork(): its workers are in the parent process only; make a new Enclave in"
                " the child"
            )

    def check_owner(self, what: str) -> None:
        """EnclaveUsageError in the child of a fork, and where taking the lock would break into our own work."""
        self.check_process()
        if self.is_owned():
            raise EnclaveUsageError(
                f"{what}() was called from a signal handler or finalizer that interrupted this enclave's own work;"
                " set a flag there and call it from the main program"
            )

    def check_usable(self, what: str) -> None:
        """As `check_owner`, and PoolClosedError after close()."""
        self.check_owner(what)
        if self.state is not State.OPEN:
            raise PoolClosedError(f"{what}() was called on a closed enclave; make a new Enclave")

    # -- admission and hand-over -------------------------------------------------------------------------------------

    def admit(self, ticket: Ticket) -> None:
        """Give the script an idle worker, room for a new one, or a place in the queue."""
        staff = self.staff
        with self.lock:
            if self.state is not State.OPEN:
                raise PoolClosedError("the enclave was closed during this call; make a new Enclave")
            submitted = ticket.handle is not None
            if submitted and not self.submits:
                raise PoolClosedError("the process is exiting: submit() takes no new scripts")
            line = self.line if submitted else None
            if line is not None and line.offer_locked(ticket):
                return
            if staff.idle:
                self._assign_locked(staff.pick_idle_locked(), ticket)
                return
            if not staff.has_room_locked():
                staff.recover_locked()
            if staff.idle:
                self._assign_locked(staff.pick_idle_locked(), ticket)
            elif staff.has_room_locked():
                ticket.grow = True
                staff.starting.add(ticket)
                if submitted:
                    self.drivers.add_locked(ticket)
            elif submitted:
                if line is not None and line.call_out_locked() and not len(self.queue):
                    self.queue.put_back(ticket)  # it does not wait, so no bound is for it
                else:
                    self.queue.append(ticket, staff.count_locked())
                self.upkeep.script_waits_locked(ticket.deadline)
            else:
                ticket.gate = ticket.make_gate()
                self.queue.append(ticket, staff.count_locked())

    def _assign_locked(self, worker: Worker, ticket: Ticket) -> None:
        self.staff.busy[worker] = ticket
        ticket.worker = worker
        if ticket.gate is not None:
            ticket.gate.release()
        elif ticket.handle is not None:
            self.drivers.add_locked(ticket)

    def _hand_on_locked(self, worker: Worker) -> None:
        """Give a free worker to the head of the queue, or make it idle."""
        head = self.queue.head()
        if head is None:
            self.staff.rest_locked(worker)
        else:
            self._assign_locked(worker, head)
            self.queue.remove(head)
        self.notify_ended_locked()

    def refuse_locked(self, ticket: Ticket, failure: EnclaveError) -> None:
        """Tell a script that was taken out of the queue why it will not begin."""
        ticket.failure = failure
        if ticket.gate is not None:
            ticket.gate.release()
        else:
            self.drivers.add_locked(ticket)

    def notify_ended_locked(self) -> None:
        """Have whoever closes the pool look again."""
        if self.state is not State.OPEN or not self.submits:
            self.ended.notify_all()

    def _serve(self, ticket: Ticket) -> None:
        """Wait for the ticket's worker and run the job on it, or on a new one if it turns out to be unusable."""
        ticket.thread = threading.get_ident()
        job = ticket.job
        for attempt in range(1, ATTEMPTS + 1):
            if ticket.grow:
                self.grow(ticket)
            elif ticket.gate is not None and ticket.worker is None:
                self._await_worker(ticket)
            worker = ticket.worker
            assert worker is not None
            if ticket.came:
                job.queue_time = self.clock.now() - ticket.came
            try:
                if not worker.executions:
                    worker.wait_ready(self.startup_seconds)
                if ticket.resting:  # a session's, whose jobs come later
                    worker.restore(0)
                else:
                    worker.run(job)
            except WorkerStartupError:
                self.check_not_ending()
                raise
            except WorkerLost as lost:
                self.swap_lost(ticket, worker, lost, attempt)
            else:
                closing.check_begun(job)
                return

    def swap_lost(self, ticket: Ticket, worker: Worker, lost: WorkerLost, attempt: int) -> None:
        """Let a new worker come in the place of one that could not begin; WorkerStartupError if it is one too many."""
        self.check_not_ending()
        _log.warning(
            "worker %d was lost between two scripts: %s", worker.id, lost, extra={"worker_id": worker.id}
        )
        with self.lock:
            self.counters.recycles += 1
            self.staff.dismiss_locked(worker)
            ticket.worker = None
            ticket.grow = True
            self.staff.starting.add(ticket)
        self.drivers.chore(partial(self.staff.end, worker))
        self.tell(RecycleReason.ERROR, worker)
        if attempt == ATTEMPTS:
            message = f"{ATTEMPTS} workers in a row were lost before the script could begin: {lost}"
            raise WorkerStartupError(message) from lost

    def check_not_ending(self) -> None:
        """PoolClosedError if the pool halts what runs or is closed."""
        if self.state in _ENDING:
            raise closing.closed_before_it_began() from None

    def _await_worker(self, ticket: Ticket) -> None:
        """Wait in the queue; QueueTimeoutError at the ticket's deadline."""
        gate = ticket.gate
        assert isinstance(gate, LockType)
        in_time = self.clock.acquire(gate, ticket.deadline - self.clock.now())
        # Not in the queue any more, it was served or refused in this very moment.
        if not in_time and self.leave_queue(ticket):
            raise self.queue.late(ticket)
        if ticket.failure is not None:
            raise ticket.failure

    def leave_queue(self, ticket: Ticket) -> bool:
        """Take a ticket out of queue and line; False if it was not there any more."""
        with self.lock:
            left = self.queue.remove(ticket) or (self.line is not None and self.line.withdraw_locked(ticket))
            self.notify_ended_locked()
        return left

    # -- workers come and go -----------------------------------------------------------------------------------------

    def _warm(self) -> None:
        staff = self.staff
        deadline = time.monotonic() + self.startup_seconds
        try:
            for _ in range(self._config.min_workers):
                worker = staff.make()
                with self.lock:
                    staff.workers[worker] = None
            for worker in list(staff.workers):
                worker.wait_ready(max(0.0, deadline - time.monotonic()))
            with self.lock:
                staff.recover_locked()
        except BaseException:
            self.close(0.0)
            raise

    def grow(self, ticket: Ticket) -> None:
        """Make the worker that room was set aside for, for this ticket, or take a spare one."""
        self.check_not_ending()
        with self.lock:
            worker = self.staff.take_spare_locked()
        if worker is None:
            worker = self.staff.make()
        with self.lock:
            ticket.grow = False
            taken = self._enlist_locked(worker, ticket)
            if taken:
                self.staff.busy[worker] = ticket
                ticket.worker = worker
        if not taken:
            self.staff.end(worker)
        self.check_not_ending()
        self.upkeep.attend()

    def _enlist_locked(self, worker: Worker, place: object) -> bool:
        """Give a new worker the place that was set aside; False if the pool is closed and the worker must be ended."""
        self.staff.starting.discard(place)
        self.ended.notify_all()
        if self.state in _ENDING:
            return False
        self.staff.workers[worker] = None
        self.upkeep.worker_came_locked()
        self.upkeep.restock_locked()
        return True

    def give_back(self, ticket: Ticket) -> None:
        """`release`, by a thread that is no driver: what it leaves to one finds one."""
        self.release(ticket)
        if self.drivers.wanted and not self.in_child:
            self.drivers.relieve()

    def release(self, ticket: Ticket, overfull: bool = False) -> None:
        """Take back all that the ticket holds, a worker that is `overfull` for good; nothing if it holds nothing."""
        if self.in_child:
            return
        staff = self.staff
        lost: Worker | None = None
        wanted = False
        with self.lock:
            self.queue.remove(ticket)
            if ticket.grow:  # the worker was not made
                ticket.grow = False
                staff.starting.discard(ticket)
                self._fail_waiting_locked(ticket.failure)
                self.ended.notify_all()
            worker = ticket.worker
            if worker is None or staff.busy.get(worker) is not ticket:
                ticket.worker = None
                return
            reason, too_full = self.count_locked(worker, ticket.job)
            overfull = overfull or too_full
            if self.state in _ENDING:  # the closing thread ends it
                staff.busy.pop(worker, None)
                self.ended.notify_all()
            elif worker.lost or overfull or self.executions_left(worker) <= 0:
                lost = worker
                staff.dismiss_locked(worker)
                # One that failed to start is replaced only where a script waits for it.
                open_still = self.state is State.OPEN and worker.executions > 0
                wanted = len(self.queue) > 0 or (open_still and staff.below_minimum_locked())
                wanted = wanted and self.fill_locked(lost)
                self.notify_ended_locked()
            else:
                self._hand_on_locked(worker)
            ticket.worker = None
        if wanted:
            self.replace(lost)
        if lost is not None:
            self.drivers.chore(partial(self.staff.end, lost))
        if self.upkeep.unattended:
            self.upkeep.attend()
        if reason is not None:
            self.tell(reason, worker)

    def count_locked(self, worker: Worker, job: Job) -> tuple[RecycleReason | None, bool]:
        """Count the run that ended on the worker, if one did.

        Why the worker was recycled, if it was, and whether it has to go because its kept state grew too large.
        """
        if not job.started:
            return None, False
        reason: RecycleReason | None
        if job.outcome is None:
            self.counters.count_lost()
            reason = RecycleReason.ABORTED
        else:
            self.counters.count(job.outcome)
            reason = job.outcome.recycle
        if self.state in _ENDING:
            return None, False  # close() counts and tells of every worker that it ends
        overfull = False
        if self.upkeep.watches_memory:
            self.upkeep.worker_ran_locked()
            overfull = self.upkeep.overfull_locked(worker)
        if reason is None:
            if self.executions_left(worker) <= 0:
                reason = RecycleReason.MAX_EXECUTIONS
            elif overfull:
                reason = RecycleReason.MEMORY_LIMIT
        self.counters.recycles += reason is not None
        return reason, overfull

    def fill_locked(self, place: object) -> bool:
        """Give the place of a worker that went to a spare one; True if there is none: `replace` is to follow."""
        spare = self.staff.take_spare_locked()
        if spare is None:
            self.staff.starting.add(place)
            return True
        self._enlist_locked(spare, place)
        self._hand_on_locked(spare)
        return False

    def replace(self, place: object) -> None:
        """Start a worker in the place that was set aside; whoever gets it waits until it is ready."""
        failure: WorkerStartupError | None = None
        worker: Worker | None = None
        taken = False
        try:
            worker = self.staff.make()
        except WorkerStartupError as error:
            failure = error
            _log.error("a lost worker could not be replaced: %s", error)
        finally:
            with self.lock:
                if worker is None:
                    self.staff.starting.discard(place)
                    self._fail_waiting_locked(failure)
                    self.ended.notify_all()
                elif self._enlist_locked(worker, place):
                    taken = True
                    self._hand_on_locked(worker)
        if worker is not None and not taken:
            self.staff.end(worker)
        self.upkeep.attend()

    def _fail_waiting_locked(self, failure: EnclaveError | None) -> None:
        """Refuse whoever waits when no worker is left and none will come."""
        if not self.staff.gone_locked():
            return
        why = f": {failure}" if failure is not None else ""
        for ticket in self.queue.drain():
            message = f"the last worker was lost and could not be replaced{why}"
            self.refuse_locked(ticket, WorkerStartupError(message))

    def tell(self, reason: RecycleReason, worker: Worker) -> None:
        """Tell the embedding program of a recycled worker."""
        tell_of_recycled(worker, reason, self._config.on_worker_recycled)

    # -- for the drivers ---------------------------------------------------------------------------------------------

    def drive(self, ticket: Ticket) -> None:
        """Serve a submitted script to its end, and follow its worker as long as that stays in the line."""
        stretch: Stretch | None = None
        try:
            try:
                if ticket.failure is None:
                    self._serve(ticket)
                    stretch = None if self.line is None else self.line.keep(ticket)
            finally:
                if stretch is None:
                    self.release(ticket)
        except EnclaveError as error:
            ticket.failure = error
        except BaseException as error:  # noqa: BLE001 - SystemExit out of a tool handler ends the run, not the driver
            _log.warning("a submitted script was ended by %s out of a callback", type(error).__name__)
            if ticket.job.outcome is None:
                ticket.job.outcome = self.aborted(Abort.INTERRUPTED)
        shielded(self.finish, ticket)
        if stretch is not None:
            stretch.go_on()

    def finish(self, ticket: Ticket) -> None:
        """Tell the handle of a submitted script how that ended."""
        assert ticket.handle is not None
        outcome = ticket.job.outcome
        ending = (None, ticket.failure) if outcome is None else (outcome.result, None)
        ticket.handle._finish(*ending)

    def forked(self) -> None:
        """Told in the child of a fork: the workers' threads are not here; one of them may have held the lock."""
        self.in_child = True
        self._make_locks()
