"""The command line.  It needs the extra `cli`; this file, which says so where it is missing, needs nothing.

One file a command; they use the package's façade as any other program does, and nothing in the package knows of them.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

__all__ = ["main"]

# What the extra `cli` brings, by the name under which it is imported.
_NEEDED = ("click", "rich", "prompt_toolkit")
MISSING = 2  # the exit code, as for any other wrong use
INTERRUPTED = 130  # what a shell shows of a program that SIGINT ended,
PIPE_CLOSED = 141  # and of one that SIGPIPE ended


def main() -> None:
    """The command `enclave`; ends the process with the code that docs/cli.md tells."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"enclave: the command line needs {' and '.join(missing)}, which {sys.executable} does not have.\n"
            f"Install the extra `cli`:  {sys.executable} -m pip install 'enclave_subinterp[cli]'\n"
            "(The library itself needs nothing; python -c 'import enclave_subinterp' works without.)\n"
        )
        sys.exit(MISSING)
    try:
        from .app import start

        code = start()
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left.  What is still buffered must not be tried again at the exit.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        code = PIPE_CLOSED
    sys.exit(code)
