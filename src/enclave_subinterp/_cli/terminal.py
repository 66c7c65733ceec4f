"""Where output goes: pipes get what was written, terminals get no control characters of a script's."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Output", "console", "plain"]

# C0 but tab and newline, DEL, C1: with these a script could retitle the window, fill the clipboard, or paint over what
# was written before.  And the marks that turn the direction of text.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text with its control characters made visible."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def console(*, stderr: bool = False) -> Console:
    """A console that keeps to NO_COLOR, TERM and whether a terminal is there, as Rich does by itself."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


class _Sink:
    """One stream of the process."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._guarded = stream.isatty()
        self.mid_line = False
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a lone surrogate, or a locale of ASCII, must not end the output
            reconfigure(errors="backslashreplace")

    def write(self, text: str) -> None:
        if not text:
            return
        self.mid_line = not text.endswith("\n")
        if self._guarded:
            text = plain(text.replace("\r\n", "\n"))
        self._stream.write(text)
        self._stream.flush()


class Output:
    """Standard output and standard error, as a script's text comes for them."""

    def __init__(self) -> None:
        self._sinks = {"stdout": _Sink(sys.stdout), "stderr": _Sink(sys.stderr)}
        self._joined = sys.stdout.isatty() and sys.stderr.isatty()

    def __call__(self, stream: str, text: str) -> None:
        """Write a piece of a script's output; for `on_output`.

        Whoever reads our output having left must end the run: only what is no `Exception` gets through `on_output`.
        """
        try:
            self._sinks[stream].write(text)
        except BrokenPipeError as error:
            raise ReaderLeft from error

    def line(self, stream: str, text: str) -> None:
        """Write a line of our own, which may hold text of a script, on a line of its own."""
        mid_line = [sink.mid_line for sink in self._sinks.values()]
        sink = self._sinks[stream]
        if sink.mid_line or (self._joined and any(mid_line)):
            sink.write("\n")
        for other in self._sinks.values() if self._joined else (sink,):
            other.mid_line = False
        sink.write(text + "\n")


class ReaderLeft(BaseException):
    """Nobody reads our output any more; no `Exception`, for those go no further than `on_output`."""
