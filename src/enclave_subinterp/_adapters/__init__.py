"""What an adapter is to the pool: a maker of workers, each of which serves one job at a time.

The pool knows these types only; what a worker is made of (a subinterpreter, a place in the calling thread, a child
process to come) is the adapter's affair.  Nothing here imports the native core.
"""

from __future__ import annotations

from collections.abc import Buffer, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Protocol

from ..config import WorkerPoolConfig
from ..result import RecycleReason, RunResult

__all__ = [
    "ADAPTERS",
    "PLANNED_ADAPTERS",
    "Abort",
    "Adapter",
    "Job",
    "JobQueue",
    "LoopWorker",
    "NoRoomError",
    "Outcome",
    "QueueWorker",
    "RunSettings",
    "ScriptAdapter",
    "Worker",
    "WorkerLost",
]

ADAPTERS: Final = ("subinterpreter", "inline")
PLANNED_ADAPTERS: Final = ("process",)


@dataclass(kw_only=True, repr=False, eq=False)  # what is not made is not made at every import
class RunSettings:
    """What holds for every run of an enclave; seconds and bytes, ``math.inf`` for no limit of time.  Never changed."""

    pool: WorkerPoolConfig
    timeout: float
    cpu_limit: float | None
    tool_timeout: float | None
    max_tool_calls: int
    max_iterations: int | None
    max_output_calls: int
    max_output_bytes: int
    strip_paths: bool
    pristine: bool
    globals: Mapping[str, Any] | None
    security_level: str
    allowed_modules: frozenset[str] | None
    tool_handler: Callable[[str, dict[str, Any]], Any] | None
    on_output: Callable[[str, str], object] | None


class Abort(Enum):
    """Why the host itself ends a run."""

    KILLED = "killed by the host"
    CLOSED = "the enclave was closed while the script ran"
    INTERRUPTED = "the waiting caller was interrupted"
    MAX_TOOL_CALLS = "too many tool calls"
    MESSAGE_FLOOD = "too many messages"


class Outcome:
    """How a run ended, as the pool needs to know it.

    Attributes:
        result: what the caller gets.
        recycle: why the worker's state was thrown away; None in the ordinary course.
        halted: the run was ended by force.
        replace: the worker will not serve again.
    """

    __slots__ = ("halted", "recycle", "replace", "result")

    def __init__(
        self,
        result: RunResult,
        recycle: RecycleReason | None = None,
        halted: bool = False,
        replace: bool = False,
    ) -> None:
        self.result = result
        self.recycle = recycle
        self.halted = halted
        self.replace = replace


class Job:
    """One script on its way through pool and worker.

    `abort` may be set by any thread, `run_id` is set by the serving one: whoever comes second sees the other's mark
    and halts the run, so that a kill is never lost in between.
    """

    __slots__ = (
        "abort",
        "fall_back",
        "lent",
        "outcome",
        "queue_time",
        "request",
        "run_id",
        "settings",
        "started",
        "timeout",
    )

    def __init__(self, request: bytes, timeout: float, lent: Buffer | None = None) -> None:
        self.request = request
        self.lent = lent  # in the place of a large request, which is read where it is
        self.timeout = timeout  # seconds; math.inf for none
        self.queue_time = 0.0
        self.abort: Abort | None = None
        self.started = False  # it was handed to a worker, so it must not be given to another
        self.run_id = 0
        self.outcome: Outcome | None = None
        # Of a session, whose runs leave their state: its own settings, and the checkpoint that a halt goes back to.
        self.settings: RunSettings | None = None
        self.fall_back = 0

    def abort_asked(self) -> Abort | None:
        """`abort` as it is now: another thread may set it between two looks."""
        return self.abort


class WorkerLost(Exception):
    """A worker turned out to be unusable before the job began: the job may go to another."""


class NoRoomError(Exception):
    """The checkpoints of a worker would hold more memory than they may."""


class Worker(Protocol):
    """One worker; at most one thread is in `run` at a time, the rest may be called from any thread."""

    @property
    def id(self) -> int:
        """A number that no other worker of the process has."""

    @property
    def interpreter_id(self) -> int | None:
        """The id of its interpreter in this process; None while it has none."""

    @property
    def executions(self) -> int:
        """How many jobs it was given."""

    @property
    def idle(self) -> bool:
        """It can begin a job without finishing something else first."""

    @property
    def lost(self) -> bool:
        """It will not serve again."""

    def wait_ready(self, timeout: float) -> None:
        """Wait until it can serve; WorkerStartupError when it never will or `timeout` seconds are over."""

    def run(self, job: Job) -> None:
        """Serve the job, tool calls included, and set ``job.outcome``.

        WorkerLost when it could not begin.  Any other exception came from the host (KeyboardInterrupt, SystemExit out
        of a tool handler); the run was halted then, and the worker is `lost` if the halt did not take effect at once.
        """

    def abort(self, job: Job, reason: Abort) -> bool:
        """End the job if this worker is serving it; returns at once, False if it is not."""

    def memory(self) -> int:
        """Bytes held now, checkpoints included."""

    def checkpoint(self) -> int:
        """Keep the state as it is between two jobs; the checkpoint's id, never 0.

        NoRoomError when there is no room for it, WorkerLost when the worker cannot be used any more,
        UnsupportedPlatformError where workers of this kind have no checkpoints.
        """

    def restore(self, checkpoint: int) -> None:
        """Put a checkpoint back, or with 0 the state of a new worker; WorkerLost when it cannot be done."""

    def forget(self, checkpoint: int) -> None:
        """Give a checkpoint's memory back."""

    def close(self, timeout: float) -> bool:
        """End it, halting what runs; False when it had to be condemned."""


class JobQueue(Protocol):
    """Jobs for whichever of several workers is free first; they go from one to the next by themselves.

    A job that was added has its `outcome` once a worker's `follow` has given it.
    """

    def depth(self) -> int:
        """How many jobs for each worker are worth having here before their turn, by what the last ones took."""

    def accepts(self, job: Job) -> bool:
        """Whether the job can be added; one that nobody wants any more has its outcome then."""

    def add(self, jobs: Sequence[Job]) -> None:
        """Add jobs that were accepted: they begin in this order.

        After an exception those were added that are `started`: none if it is MemoryError.
        """

    def withdraw(self, job: Job | None = None) -> set[Job]:
        """Take back the job, or all, if they have not begun: those that now will not."""

    def abort(self, job: Job, reason: Abort) -> bool:
        """End a job that was added; returns at once, False if it has ended."""


class QueueWorker(Worker, Protocol):
    """A worker that can take its jobs from a `JobQueue`."""

    @property
    def busy(self) -> bool:
        """A job is under way."""

    def join(self, queue: JobQueue, most: int) -> None:
        """Take jobs from the queue, at most so many; WorkerLost if it cannot serve any more."""

    def follow(self, seconds: float | None) -> Job | None:
        """Wait for the end of the next job; None after so many seconds, after a `nudge`, and if it is `lost`."""

    def leave(self) -> bool:
        """Take no more; False if there is a job still to be followed."""

    def nudge(self) -> None:
        """Have `follow` return."""

    def give_up(self) -> list[Job]:
        """Leave, and be lost; the jobs that nobody will follow now, which have an outcome."""


class LoopWorker(Worker, Protocol):
    """A worker that can be awaited, as those of a `ScriptAdapter` can."""

    async def wait_ready_on_loop(self, seconds: float) -> None:
        """`wait_ready` for the running event loop."""

    async def run_on_loop(self, job: Job) -> None:
        """`run` for the running event loop.  Cancelled, it ends the job and waits for its end."""


class Adapter(Protocol):
    """Maker of workers, as the pool needs it."""

    @property
    def keeps_state(self) -> bool:
        """Workers keep what a run leaves in them, so that their memory is to be watched between runs."""

    def make_queue(self) -> JobQueue | None:
        """A queue for its workers, which are `QueueWorker`s then; None if they take one job at a time."""

    def create_worker(self) -> Worker:
        """Begin to start a worker and return at once; WorkerStartupError if not even that can be done."""

    def aborted(self, reason: Abort) -> Outcome:
        """The outcome of a job that was ended before it began."""

    def close(self, timeout: float) -> bool:
        """End what else it has; False if a callback holds that up for `timeout` seconds.  The workers have ended."""


class ScriptAdapter(Adapter, Protocol):
    """Maker of workers and jobs for one enclave."""

    def create_worker(self) -> LoopWorker:
        """As `Adapter.create_worker`."""

    def prepare(
        self,
        code: str,
        timeout: float | None,
        variables: Mapping[str, Any] | None,
        *,
        base: bool = True,
        renew: bool = False,
    ) -> Job:
        """The job for one script; `timeout` in seconds, None for the enclave's.

        A script that cannot be handed over comes to a job that has its outcome already.  The enclave's globals come
        along with `base`; with `renew` the guest renews what must differ after a way back to a checkpoint.

        Raises:
            TypeError, ValueError: one of the variables cannot cross.
        """
