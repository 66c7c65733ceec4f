"""What every worker that is a slot of the native core has: its start, its halt, its checkpoints, its end.

What a run says while it runs, and what its end comes to, is the affair of the kinds of workers.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from abc import ABC, abstractmethod
from typing import Final

from .. import _native
from .._log import Log
from ..config import WorkerPoolConfig
from ..errors import UnsupportedPlatformError, WorkerStartupError
from ..result import RunResult
from . import Abort, Job, NoRoomError, Outcome, WorkerLost
from .outcome import aborted_outcome, halt_number, lost_outcome

__all__ = ["SlotWorker", "require_platform", "worker_ids"]

_log = Log("enclave_subinterp.worker")

# How long an interrupted caller waits for its halt to take effect before it leaves the slot to be ended elsewhere.
_ABANDON_SECONDS: Final = 0.25
_LAST_WORD_SECONDS: Final = 0.01

worker_ids = itertools.count(1)


class SlotWorker(ABC):
    """One slot."""

    __slots__ = ("_crash_policy", "_pid", "_slot", "executions", "id", "lost")

    def __init__(self, slot: _native.Slot, worker_id: int, config: WorkerPoolConfig) -> None:
        self.id = worker_id
        self.executions = 0
        self.lost = False
        self._slot = slot
        self._pid = os.getpid()
        self._crash_policy = config.on_native_crash

    # -- for the kinds of workers ------------------------------------------------------------------------------------

    @abstractmethod
    def _hand_over(self, job: Job) -> int:
        """Give the job to the slot and return the run's id; NativeError if that cannot be done."""

    @abstractmethod
    def _converse(self, job: Job, run_id: int, begun: int) -> None:
        """Take the run's events until it is done, and set the job's outcome."""

    @abstractmethod
    def _outcome(self, done: _native.Done, job: Job) -> Outcome:
        """What a run came to whose messages nobody listens to any more."""

    # -- the protocol of `Worker` ------------------------------------------------------------------------------------

    @property
    def interpreter_id(self) -> int | None:
        """The id of the slot's interpreter; None while it is being made."""
        slot = self._slot
        return None if slot.state == _native.STATE_STARTING else slot.interpreter_id

    @property
    def idle(self) -> bool:
        """It is neither starting nor still rewinding."""
        return self._slot.state == _native.STATE_IDLE

    def wait_ready(self, timeout: float) -> None:
        """Wait until the slot can run; WorkerStartupError with the core's reason, or after `timeout` seconds."""
        try:
            ready = self._slot.wait_ready(timeout)
        except _native.NativeError as error:
            self.lost = True
            raise WorkerStartupError(f"worker {self.id} could not be started: {error}") from error
        if not ready:
            self.lost = True
            raise WorkerStartupError(f"worker {self.id} was not ready after {timeout:.3g} s")

    def run(self, job: Job) -> None:
        """Serve the job on the calling thread; see `Worker.run`."""
        if job.abort is not None:
            job.outcome = aborted_outcome(job.abort, job.queue_time)
            return
        begun = time.monotonic_ns()
        try:
            job.started = True
            self._start(job)
            self._converse(job, job.run_id, begun)
        except WorkerLost:
            raise
        except BaseException:
            self._abandon(job)
            raise

    def abort(self, job: Job, reason: Abort) -> bool:
        """Mark the job as ended by the host and halt it if it is running."""
        if job.outcome is not None:
            return False
        if job.abort is None:
            job.abort = reason
        if job.run_id:
            return self._slot.halt(job.run_id, halt_number(reason))
        return True

    def _start(self, job: Job) -> None:
        """Hand the job over, or WorkerLost."""
        try:
            run_id = self._hand_over(job)
        except _native.NativeError as error:
            job.started = False
            self.lost = True
            raise WorkerLost(str(error)) from error
        job.run_id = run_id
        self.executions += 1
        abort = job.abort_asked()
        if abort is not None:  # set by a thread that saw no run_id yet
            self._slot.halt(run_id, halt_number(abort))

    def memory(self) -> int:
        """Bytes that the slot and its checkpoints hold now."""
        return self._slot.memory()[0] + self._slot.checkpoint_memory

    def checkpoint(self) -> int:
        """Keep the slot's state as it is; see `Worker.checkpoint`."""
        try:
            return self._slot.checkpoint()
        except _native.NativeError as error:
            if self._slot.state == _native.STATE_IDLE:
                raise NoRoomError(str(error)) from error
            self.lost = True
            raise WorkerLost(str(error)) from error

    def restore(self, checkpoint: int) -> None:
        """Put a checkpoint back; see `Worker.restore`."""
        try:
            self._slot.restore(checkpoint)
        except _native.NativeError as error:
            self.lost = True
            raise WorkerLost(str(error)) from error

    def forget(self, checkpoint: int) -> None:
        """Give a checkpoint's memory back."""
        try:
            self._slot.forget(checkpoint)
        except _native.NativeError as error:
            self.lost = True
            raise WorkerLost(str(error)) from error

    def close(self, timeout: float) -> bool:
        """End the slot, halting what runs; False when it had to be condemned."""
        self.lost = True
        return self._slot.close(timeout)

    def see_crash(self, done: _native.Done, result: RunResult) -> None:
        """End the process after a native crash, if that was asked for."""
        if done.outcome == _native.OUTCOME_CRASHED and self._crash_policy == "abort":
            _abort_process(self.id, result)

    def _abandon(self, job: Job) -> None:
        """The caller was interrupted: halt its run, and give up the slot if that does not take effect at once."""
        if job.outcome is not None:
            return
        if (
            os.getpid() != self._pid or not job.run_id
        ):  # the slot's thread is not here, or what it does is unknown
            self.lost = True
            return
        self.lost = True  # until the run is seen to have ended
        slot = self._slot
        run_id = job.run_id
        if job.abort is None:
            job.abort = Abort.INTERRUPTED
        # A run that is over may have said so already, to a wait whose answer was lost in the interruption.
        running = slot.halt(run_id, _native.HALT_ABORTED)
        deadline = time.monotonic() + (_ABANDON_SECONDS if running else _LAST_WORD_SECONDS)
        try:
            while (left := deadline - time.monotonic()) > 0:
                event = slot.next_event(left)
                if event is not None and event[0] == _native.EVENT_DONE and event[1] == run_id:
                    assert isinstance(event[2], _native.Done)
                    job.outcome = self._outcome(event[2], job)
                    self.lost = event[2].replace
                    return
        except _native.NativeError:
            return
        if not running:
            job.outcome = lost_outcome(job, self.id, "interrupted", replace=False)
            self.lost = False
            return
        about = {"worker_id": self.id}
        _log.warning(
            "worker %d did not end its interrupted run within %.2f s", self.id, _ABANDON_SECONDS, extra=about
        )


def require_platform(needed: list[str], missing: tuple[str, ...] = ()) -> None:
    """Fail closed: what is promised and the platform lacks is an error before anything runs."""
    found = _native.platform()
    lacks = [name for name in needed if not found.get(name)] + list(missing)
    if lacks:
        raise UnsupportedPlatformError(
            f"this platform ({sys.platform}, Python {sys.version.split()[0]}) lacks {', '.join(lacks)};"
            " capabilities() has the details"
        )


def _abort_process(worker_id: int, result: RunResult) -> None:
    message = result.error.message if result.error is not None else ""
    about = {"worker_id": worker_id, "reason": "CRASH"}
    _log.critical(
        "worker %d: %s; aborting the process, as on_native_crash='abort' asks",
        worker_id,
        message,
        extra=about,
    )
    os.abort()
