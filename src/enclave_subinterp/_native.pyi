"""Types of the extension: slots, the codec and what the platform offers.

A *slot* is one worker: an isolated subinterpreter with its own GIL on its own thread, with all that its
interpreter allocates in one address range.  Nothing here knows of pools, policies or presets.
"""

from collections.abc import Buffer, Callable, Iterable, Sequence
from sys import UnraisableHookArgs
from typing import Any, Final, NoReturn, Self, final

type Event = tuple[int, int, object, object, int]

# What ended a run (first item of an EVENT_DONE's payload).
BUILT_FOR: Final[str]  # the release of CPython whose headers it was built with
OUTCOME_VALUE: Final = 0  # payload: the encoded value
OUTCOME_ERROR: Final = 1  # payload: encoded [code, name, message, stack, data]
OUTCOME_HALTED: Final = 2  # detail: one of the HALT_ reasons
OUTCOME_CRASHED: Final = 3  # detail: the signal's number

# Why a run was halted.
HALT_TIMEOUT: Final = 1
HALT_CPU_LIMIT: Final = 2
HALT_MEMORY: Final = 3
HALT_ABORTED: Final = 4
HALT_OUTPUT: Final = 5
HALT_FLOOD: Final = 6
HALT_CLOSED: Final = 7
HALT_TOOL_CALLS: Final = 8
HALT_VIOLATION: Final = 9
HALT_ITERATIONS: Final = 10
HALT_EXIT: Final = 11  # a task has called os._exit()

EVENT_DONE: Final = 0
EVENT_TOOL_CALL: Final = 1
EVENT_OUTPUT: Final = 2
EVENT_ASYNC_CALL: Final = 3

# States of a slot.
STATE_STARTING: Final = 0
STATE_IDLE: Final = 1
STATE_RUNNING: Final = 2
STATE_REWINDING: Final = 3
STATE_ENDED: Final = 4
STATE_CONDEMNED: Final = 5
STATE_FAILED: Final = 6

class NativeError(Exception):
    """A slot could not be made or used; the message says why."""

class EncodeError(ValueError):
    """A value cannot cross (type, depth, size or cycle); ``reason`` is "type", "depth", "size" or "cycle"."""

    reason: str

class DecodeError(ValueError):
    """Bytes that are not a value of the codec."""

def encode(value: object, /, max_size: int = ..., max_depth: int = ...) -> bytes: ...
def encode_message(value: object, /, max_size: int = ..., max_depth: int = ...) -> bytes | Memory:
    """As encode(); what is large comes in a Memory, uncopied."""

def decode(data: Buffer, /, max_depth: int = ...) -> object: ...
def set_ext(
    encode_table: dict[type, Callable[[Any], tuple[int, object] | str]],
    decode_table: dict[int, Callable[[Any], object]],
    /,
) -> None:
    """Let encode() and decode() carry further types; see `_values`."""

@final
class Memory:
    """What a run has left to the host, or the host encoded for one: a writable buffer; it goes with its last user."""

    def __buffer__(self, flags: int, /) -> memoryview: ...

@final
class Done:
    """How a run ended; read-only."""

    def __new__(cls, fields: Iterable[object], /) -> Done: ...

    outcome: int
    detail: int
    payload: bytes | Memory | None
    stdout: bytes
    stderr: bytes
    wall_ns: int
    cpu_ns: int
    halt_ns: int  # from the decision to halt until the slot was out of the guest; 0 without a halt
    peak_memory: int
    tool_calls: int
    messages: int
    iterations: int
    violation: str | None  # the name of the system call that was refused first
    parts: tuple[Memory, ...]  # of a task: what it gave to answer()
    replace: bool  # the slot will not serve again (native crash, condemned, lost rewind)

@final
class Interruptible:
    """A call that other threads may end by an exception, as far as it lets them; used for one call."""

    def __new__(cls, exception: type[BaseException], again: type[BaseException], /) -> Interruptible:
        """`exception` is raised at first, `again` whenever it is to be raised once more."""

    def run[**P, T](
        self,
        unraisable: Callable[[UnraisableHookArgs], object],
        function: Callable[P, T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call the function, without keywords; raises the exception if `interrupt` was called before.

        `unraisable` is called, in the midst of the call, with what else would go to `sys.unraisablehook`.
        """

    def host[**P, T](self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call, from inside `run`, a function that is not to be interrupted; what was asked for is raised after it."""

    def leave(self) -> NoReturn:
        """Raise the exception here."""

    def interrupt(self) -> bool:
        """Have the exception raised at the next safe point of the call; may be caught there, and repeated.

        False if the thread is not in the call just now: it will be told when it comes back.
        """

@final
class CodeCache:
    """Compiled scripts, by their sources, that slots share whose runtime is the same."""

    def __new__(cls) -> Self: ...
    def figures(self) -> tuple[int, int, int]:
        """(how many, bytes that they take, how often one was found)"""

@final
class RunQueue:
    """Runs that keep what they leave, for whichever of several slots is free first.

    A slot goes from one to the next by itself.  They begin in the order in which they were added.
    """

    def __new__(cls) -> Self: ...
    @staticmethod
    def reserve(count: int, /) -> int:
        """Numbers for so many runs: the first of them."""

    def add(
        self,
        jobs: list[tuple[int, bytes, float, int]]
        | list[tuple[int, bytes, float, int, Sequence[Buffer] | None]],
        /,
    ) -> None:
        """Add runs as (run_id, request, timeout, memory_limit) and, perhaps, buffers as for `Slot.start`.

        Time limits count from where each begins.
        """

    def withdraw(self, run_id: int = 0, /) -> list[int]:
        """Take back that run, or all (0), of those that have not begun: the ids of those that now never begin."""

    def halt(self, run_id: int, reason: int, /) -> bool:
        """Have a run that waits here end as soon as it begins; False if it does not wait here."""

@final
class Slot:
    """One worker.  Every method may be called from any host thread; the host's GIL is released while waiting."""

    def __new__(
        cls,
        *,
        bootstrap: bytes,
        memory_limit: int,
        max_message_size: int,
        stack_size: int = 0,
        pristine: bool = True,
        rewind: str = "auto",
        name: str = "",
        sandbox: bool = False,
        policy: bool = False,
        trusted: bool = False,
        code_cache: CodeCache | None = None,
    ) -> Slot:
        """Begin to create the worker and return at once.  NativeError if its thread or range cannot be had.

        A `trusted` one is for the host's own functions: no sandbox and no policy, the standard streams, working
        directory and umask of the host, and of what it opens only what a halted run has opened is closed.
        """

    def wait_ready(self, timeout: float | None = None) -> bool:
        """Wait until the worker can run; False on timeout.  NativeError with the reason if it never will."""

    def start(
        self,
        request: bytes,
        /,
        *,
        timeout: float = 0.0,
        cpu_limit: float = 0.0,
        max_output_bytes: int = 0,
        max_output_calls: int = 0,
        max_tool_calls: int = 0,
        stream: bool = False,
        max_messages_per_second: int = 0,
        max_pending_tool_calls: int = 0,
        keep: bool = ...,
        fall_back: int = 0,
        max_iterations: int = 0,
        memory_limit: int = 0,
        buffers: Sequence[Buffer] | None = None,
    ) -> int:
        """Hand over one run and return its id (never 0, never used again).  0 means no limit everywhere.

        Messages are tool calls and writes of output; a run begins with one second's worth of them.

        With `keep` (by default, where the slot is not pristine) what an orderly run leaves stays for the next, and a
        halt goes back to the checkpoint `fall_back`; 0 is the slot's birth.  Without, every run is rewound.

        `memory_limit` is what the run may allocate beyond what the worker holds at its start.  `buffers` are lent to a
        trusted run, in place: they are held until the run is over and nothing in the worker uses them any more.

        NativeError if a run is under way, the slot is not usable or there is no such checkpoint.  Time limits count
        from here.
        """

    def join(self, queue: RunQueue, most: int, /, *, fall_back: int = 0) -> None:
        """Take jobs from that queue whenever there is nothing else to do, at most so many.

        Their halts go back to the checkpoint `fall_back`.  Events that are not read yet stay.  NativeError if a run is
        under way, the slot is not usable or there is no such checkpoint.
        """

    def leave(self) -> bool:
        """Take no more from the queue; False if a job of it is under way, or has ended and was not read of yet."""

    def nudge(self) -> None:
        """Have whoever waits for the next event look around: it gets None."""

    def next_event(self, timeout: float | None = None) -> Event | None:
        """The next thing the run has to say; None on timeout and after a `nudge`.  Host signals interrupt the wait.

        ``(EVENT_DONE, run_id, Done, None, 0)``, ``(EVENT_TOOL_CALL, call_id, name: str, args: bytes, share)``,
        ``(EVENT_ASYNC_CALL, call_id, name: str, args: bytes, share)`` or
        ``(EVENT_OUTPUT, stream (1 or 2), text: bytes, None, share)``; the share is what the size of a message takes of
        a second's worth of messages (nanoseconds).
        During a TOOL_CALL the run does nothing but wait for its answer; during an ASYNC_CALL it goes on.
        """

    def reply(self, call_id: int, ok: bool, payload: bytes, /) -> bool:
        """Answer a tool call with an encoded value (or encoded [name, message] when not ok).

        Calls may be answered in any order and from any thread.  False if nobody waits for this answer: the run is over,
        or has forgotten the call, or the call has been answered.
        """

    def halt(self, run_id: int, reason: int, /) -> bool:
        """Ask for the end of that run; False when it is not running any more.  Returns at once."""

    def close(self, timeout: float = 1.0) -> bool:
        """End the worker, halting what runs.  False if it had to be condemned.

        What its thread waits for a processor is not part of `timeout`; it adds at most twenty times that, or a minute.
        """

    def memory(self) -> tuple[int, int, int]:
        """(bytes in use, peak of the current or last run, limit); needs no lock."""

    def checkpoint(self) -> int:
        """Keep the interpreter's state as it is between two runs, and return the checkpoint's id (never 0).

        Waits for the end of a rewind.  It holds what differs from the slot's birth; all of a slot's checkpoints
        together hold at most its memory limit.  NativeError if a run is under way, the slot is not usable or there is
        no room.
        """

    def restore(self, checkpoint: int, /) -> None:
        """Put the state of a checkpoint back; 0 is the slot's birth.  NativeError as above, and for an unknown id."""

    def forget(self, checkpoint: int, /) -> None:
        """Give a checkpoint's memory back.  NativeError as above, and for an unknown id."""

    def event_fd(self) -> int:
        """A descriptor for an event loop; made at the first call, and closed with this object.

        An eventfd, readable when `next_event` may have something to say or the worker has started or ended (not for
        the end of a rewind).  Read it, then call ``next_event(0)`` until that has nothing more.  OSError if there is no
        descriptor to be had.
        """

    @property
    def checkpoint_memory(self) -> int:
        """Bytes that the checkpoints hold, outside the slot's range."""
    @property
    def layout(self) -> tuple[int, int, int, int, int, int]:
        """For tests: range (low, high), stack (low, high), address of the slot's own record, bytes of snapshot."""
    @property
    def state(self) -> int: ...
    @property
    def busy(self) -> bool:
        """A run is under way or about to begin."""

    @property
    def run_id(self) -> int:
        """The run whose end was not told yet; 0 for none."""

    @property
    def run_count(self) -> int: ...
    @property
    def interpreter_id(self) -> int: ...
    @property
    def thread_id(self) -> int:
        """The kernel's id of the worker's thread."""

def platform() -> dict[str, object]:
    """What the core found: ``rewind`` ("scan", "remap" or "none"), ``hard_halt``, ``memory_limit``, ..."""

def counters() -> dict[str, int]:
    """Process-wide: slots_started, slots_ended, slots_condemned, halts_safe_point, halts_signal, crashes, rewinds,
    states_lost (of objects of extension modules, outside the workers' memory)."""

def add_to_library(name: str, package: bool, data: bytes, /) -> None:
    """Let slots import a module from its marshalled code, or have other data under that name; the first one stays."""

def approve_extension(name: str, module: object, harmless: bool, /) -> str | None:
    """Let slots load this extension module, which the host has loaded; or why it is not fit for them.

    Those that are not harmless are for the warm-up, and for slots without a policy.

    Fit are modules with multi-phase initialisation (PEP 489).  Those of single-phase initialisation have process-wide
    state, which would point into a worker's memory.  Of modules whose objects hold memory outside a worker's (hashes)
    every function and type has to be known.
    """

def end_all(timeout: float = 1.0) -> int:
    """End every slot of the process (at exit); the number that had to be condemned."""
