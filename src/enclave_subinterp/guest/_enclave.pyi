"""Types of what the core gives the guest's runtime (csrc/module_guest.c)."""

from collections.abc import Buffer, Callable, Mapping
from types import CodeType
from typing import Any, overload

def decode(data: bytes, /) -> Any: ...
def set_ext(encode_table: Mapping[type, Any], decode_table: Mapping[int, Any], /) -> None: ...
def finish(outcome: int, value: object, /) -> tuple[str, str] | None:
    """Leave the answer with the core; (why, message) if the value cannot cross."""

library: int  # 1 in a slot whose modules come from the library

def recall(source: str, filename: str, counts: bool, /) -> Any:
    """The code of a script that `remember` was given, by whichever worker of the enclave; None."""

def remember(source: str, filename: str, counts: bool, code: Any, /) -> bool:
    """Keep a script's code for all workers of the enclave; False if other scripts have run here before."""

def stir() -> None: ...
def counts_turns() -> bool:
    """Whether the run has a limit of loop turns."""

def turn() -> bool:
    """True, after it has counted one turn of a loop; ends the run at the limit."""

def load(name: str, /) -> tuple[CodeType, bool] | None:
    """The code of a module in the host's library, and whether it is a package."""

def data(name: str, /) -> bytes | None:
    """What the host has put into the library under that name."""

def set_coroutine_code(code: CodeType, /) -> None:
    """The code of types.coroutine(), which may change other code; only while the slot warms up."""

def emit(stream: int, text: str, /) -> None:
    """Hand out text on stream 1 or 2; ends the run at the output's limit."""

def post(name: str, arguments: object, /) -> int | tuple[str, str]:
    """Begin a tool call: its id, or (why, message) if the arguments cannot cross.  It is sent by the next `take`."""

@overload
def take(call_id: int | None, timeout: None, /) -> tuple[int, bool, Any]: ...
@overload
def take(call_id: int | None, timeout: float | None, /) -> tuple[int, bool, Any] | None:
    """Wait for the answer of a call (None: of any) for so many seconds (None: for ever).

    (id, True, value) or (id, False, (name, message)); None when the time is over.
    """

def forget(call_id: int, /) -> None:
    """Nobody waits for the answer of that call any more."""

def guard[F: Callable[..., Any]](function: F, /) -> F:
    """The same function of _imp, for approved extension modules only, and never left by a halt half-way."""

# In slots for trusted functions only (csrc/guest_task.c).

def loans() -> tuple[Buffer, ...]:
    """The buffers that came with the request, in place."""

def answer(outcome: int, buffers: list[Any], /) -> None:
    """Leave the answer with the core, which copies the buffers."""

def send(channel: int, data: Buffer, /) -> None:
    """A message for the host, in order and without limits; waits while the host has too much to read."""

def leave() -> None:
    """End the run here; SystemExit if that takes a moment."""

def outside[F: Callable[..., Any]](function: F, /) -> F:
    """The same function, called with the signal mask of a host thread and never left by a halt half-way."""

def approved(name: str, /) -> bool:
    """Whether an extension module of that name may be loaded."""

def set_no_site(value: int, /) -> None:
    """sys.flags.no_site, which is 1 only because the interpreter was made without site."""
