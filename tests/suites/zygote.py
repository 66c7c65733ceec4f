"""A process that has imported everything and forks a child for each program.

To start Python and to prepare the host anew takes three times as long as most programs do; nothing of the package runs
before the fork but what an enclave does once in its host.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

CHILD = Path(__file__).resolve().parent / "child.py"


class Zygote:
    """The side of whoever wants children, one at a time."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, "-I", str(CHILD), "zygote", str(number)]
            self._process = subprocess.Popen(command, pass_fds=[number], stdin=subprocess.DEVNULL)

    def run(
        self, arguments: Sequence[str], folder: str, silent: int, timeout: float
    ) -> tuple[bytes, bytes, int | None]:
        """What a child wrote to stdout and stderr, and its exit status (None: it had to be killed).

        Args:
            folder: its working directory and place for temporary files.
            silent: a descriptor for its standard input.
        """
        deadline = time.monotonic() + timeout
        ends = [os.pipe(), os.pipe()]
        order = json.dumps({"arguments": arguments, "folder": folder}).encode()
        socket.send_fds(self._control, [order], [silent, ends[0][1], ends[1][1]])
        for _, written in ends:
            os.close(written)
        _, [pidfd], _, _ = socket.recv_fds(self._control, 1, 1)
        try:
            said = _read_all([read for read, _ in ends], deadline)
            self._control.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                return said[0], said[1], int(self._control.recv(32))
            except TimeoutError:
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                self._control.settimeout(None)
                self._control.recv(32)
                return said[0], said[1], None
        finally:
            self._control.settimeout(None)
            os.close(pidfd)

    def close(self) -> None:
        """End it."""
        self._control.close()
        self._process.wait()


def _read_all(pipes: list[int], deadline: float) -> list[bytes]:
    """What comes from each until its end, or the deadline; closes them."""
    said = dict.fromkeys(pipes, b"")
    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map() and (left := deadline - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                piece = os.read(key.fd, 1 << 16)
                said[key.fd] += piece
                if not piece:
                    selector.unregister(key.fd)
    for pipe in pipes:
        os.close(pipe)
    return [said[pipe] for pipe in pipes]


def serve(number: int) -> list[str]:
    """Be one, with the control socket `number`: in each child this returns what it is to do."""
    from enclave_subinterp._adapters import subinterpreter

    subinterpreter._prepare_host(())
    subinterpreter._bootstrap("STANDARD", (), frozenset())
    gc.collect()
    gc.freeze()
    control = socket.socket(fileno=number)
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 3)
        if not order:
            os._exit(0)
        pid = os.fork()
        if pid == 0:
            control.close()
            for standard, descriptor in enumerate(descriptors):
                os.dup2(descriptor, standard)
                os.close(descriptor)
            wanted = json.loads(order)
            os.chdir(wanted["folder"])
            os.environ["TMPDIR"] = wanted["folder"]
            arguments: list[str] = wanted["arguments"]
            return arguments
        for descriptor in descriptors:
            os.close(descriptor)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(control, [b"1"], [pidfd])
        os.close(pidfd)
        _, status = os.waitpid(pid, 0)
        control.send(str(os.waitstatus_to_exitcode(status)).encode())
