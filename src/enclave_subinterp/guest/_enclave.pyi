"""Types of what the core gives the guest's runtime (csrc/module_guest.c)."""

from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

def decode(data: bytes, /) -> Any: ...
def set_ext(encode_table: Mapping[type, Any], decode_table: Mapping[int, Any], /) -> None: ...
def finish(outcome: int, value: object, /) -> tuple[str, str] | None:
    """Leave the answer with the core; (why, message) if the value cannot cross."""

policy: int  # 1 in a slot with a policy

def load(name: str, /) -> tuple[CodeType, bool] | None:
    """The code of a module in the host's library, and whether it is a package."""

def data(name: str, /) -> bytes | None:
    """What the host has put into the library under that name."""

def set_coroutine_code(code: CodeType, /) -> None:
    """The code of types.coroutine(), which may change other code; only while the slot warms up."""

def emit(stream: int, text: str, /) -> None:
    """Hand out text on stream 1 or 2; ends the run at the output's limit."""

def call(name: str, arguments: object, /) -> tuple[Any, Any]:
    """Have a tool called: (True, value), (False, (name, message)), or (why, message) if the arguments cannot cross."""

def guard[F: Callable[..., Any]](function: F, /) -> F:
    """The same function of _imp, for approved extension modules only, and never left by a halt half-way."""
