"""How the tests of the command line start it: as a child process, with pipes or with a terminal."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

COMMAND = [sys.executable, "-m", "enclave_subinterp"]
SECONDS = 40.0  # for what must happen; a test that waits as long has failed


def environment(**changes: str | None) -> dict[str, str]:
    """The environment without what would change the command line's ways, and with the changes."""
    names = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "ENCLAVE_STATS_SOCKET", "PYTHONWARNINGS")
    base: dict[str, str | None] = {**os.environ, **dict.fromkeys(names), "TERM": "xterm", **changes}
    return {name: value for name, value in base.items() if value is not None}


def enclave(
    *arguments: str | Path, text: str = "", cwd: Path | None = None, **changes: str | None
) -> subprocess.CompletedProcess[str]:
    """Run a command with pipes to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=text,
        cwd=cwd,
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, pid: int, fd: int) -> None:
        self.pid = pid
        self.fd = fd
        self.seen = ""
        self._from = 0

    def expect(self, wanted: str) -> str:
        """Wait until the text is written behind what was expected before; what came until its end."""
        deadline = time.monotonic() + SECONDS
        while (found := self.seen.find(wanted, self._from)) < 0:
            if not self._read(deadline):
                raise AssertionError(f"{wanted!r} did not come; what came: {self.seen[self._from :]!r}")
        came = self.seen[self._from : found + len(wanted)]
        self._from = found + len(wanted)
        return came

    def send(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def ends(self) -> int:
        """Wait for the end; the exit code."""
        deadline = time.monotonic() + SECONDS
        while self._read(deadline):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self, deadline: float) -> bool:
        """Read more; False at the end of the output or of the time."""
        ready, _, _ = select.select([self.fd], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise AssertionError(f"nothing more came; what came: {self.seen[self._from :]!r}")
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # EIO: the other side was closed
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)


@contextlib.contextmanager
def terminal(
    *arguments: str | Path, cwd: Path | None = None, command: list[str] | None = None, **changes: str | None
) -> Iterator[Terminal]:
    """Run a command on a terminal; it is ended with the block."""
    environ = environment(PROMPT_TOOLKIT_NO_CPR="1", COLUMNS="100", LINES="40", **changes)
    line = [*(COMMAND if command is None else command), *map(str, arguments)]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # a session of its own, whose terminal this is: Ctrl-C reaches it
        [sys.executable, "-c", _ON_TERMINAL, *line],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environ, cwd=cwd, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield Terminal(process.pid, ours)
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.wait()
        os.close(ours)


_ON_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
