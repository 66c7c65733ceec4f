"""What every slot's interpreter must not take from its process, whether it runs scripts or trusted functions.

Part of the guest's runtime, like bootstrap.py: all are run in one namespace, with ``_enclave`` in it.
"""

from __future__ import annotations

import io
import sys  # noqa: F401 - for those that follow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Not evaluated, so that nothing is imported for it.
type _Guard = Callable[[Any], Any]


def _guard_extensions(guard: _Guard) -> None:
    """Only what the host has prepared is loaded, and what a library's loader does half-way is not left half-way."""
    import _imp

    _imp.create_dynamic = guard(_imp.create_dynamic)
    _imp.create_builtin = guard(_imp.create_builtin)


def _leave_process_alone() -> None:
    """The table of signal handlers and the C library's environment are the process's."""
    import _signal  # type: ignore[import-not-found]
    import posix

    # What stands in that table are the host's own objects.
    signals: Any = _signal
    signals.getsignal = lambda _signalnum, /: signals.SIG_DFL
    posix.putenv = lambda _name, _value, /: None
    posix.unsetenv = lambda _name, /: None


class Input(io.TextIOBase):
    """sys.stdin: empty."""

    encoding = "utf-8"
    errors = "strict"
    name = "<stdin>"

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> str:
        return ""

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        return ""
