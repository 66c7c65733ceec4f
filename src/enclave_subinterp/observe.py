"""The socket on which a process shows its enclaves to `enclave top`, opened only when it is asked for.

A Unix socket of mode 0600 in a folder of mode 0700; its peers must be the same user or root.  What goes over it is
JSON, a line a message: numbers, the versions, the enclaves' names; nothing of scripts, no path, no argument or variable
of the process.  docs/cli.md has the format.

One daemon thread serves one socket.  It owns the clients and is the only one that sends; others tell it by a byte on a
pair of sockets (`_bell`) that something changed.  It has nothing to do while no client is there.  In the child of a
fork its descriptors are closed, and at the exit of the process it ends.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import logging
import os
import platform
import selectors
import socket
import stat
import struct
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

from ._closing import Closing
from .config import shown
from .errors import EnclaveUsageError

if TYPE_CHECKING:
    from .enclave import EnclaveBase

__all__ = ["PROTOCOL", "VARIABLE", "StatsServer", "own_folder", "serve_process"]

PROTOCOL: Final = 1
VARIABLE: Final = "ENCLAVE_STATS_SOCKET"
INTERVAL: Final = 1.0  # seconds between two messages to a client that has not asked for another time
_INTERVALS: Final = (0.1, 60.0)  # what it may ask for
_MAX_CLIENTS: Final = 16
_MAX_REQUEST: Final = 1024  # bytes
_SEND_BUFFER: Final = 32 * 1024  # bytes, in the kernel
_MAX_PATH: Final = 107  # bytes, of sockaddr_un
_JOIN_SECONDS: Final = 2.0

_log = logging.getLogger("enclave_subinterp.observe")
_numbers = itertools.count(1)


def own_folder() -> Path:
    """Where sockets without a path of their own are: one folder a user."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and Path(runtime).is_dir():
        return Path(runtime) / "enclave-subinterp"
    return Path("/tmp") / f"enclave-subinterp-{os.geteuid()}"  # where another user has made it, it is refused


@final
class StatsServer(Closing):
    """A socket that shows enclaves; made by ``Enclave.serve_stats()``, and a context manager.

    Attributes:
        path: where it is (`pathlib.Path`).
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        enclave: EnclaveBase | None = None,
        name: str | None = None,
    ) -> None:
        """Open the socket and start the thread, for this enclave, or for the process and whatever it is to `show`.

        Raises:
            TypeError, ValueError: the path cannot be one; its folder is not this user's alone; something is there.
            OSError: the socket cannot be made.
        """
        self._lasting = enclave is None
        self._enclaves: dict[str, weakref.ref[EnclaveBase]] = {}
        self._clients: dict[socket.socket, _Client] = {}
        self._closing = False
        self._bell, self._ear = socket.socketpair()
        try:
            self._bell.setblocking(False)
            self._ear.setblocking(False)
            if enclave is not None:
                self.show(enclave, name)
            self._listener, self.path = _listen(path)
        except BaseException:
            self._bell.close()
            self._ear.close()
            raise
        self._mark = _identity(self.path)
        _registry.add(self)
        self._thread = threading.Thread(target=self._main, name="enclave-stats", daemon=True)
        try:
            self._thread.start()
        except BaseException:
            self._tidy()
            raise

    def show(self, enclave: EnclaveBase, name: str | None = None) -> None:
        """Show an enclave, for as long as it lives.

        Args:
            enclave: what is shown.
            name: 1 to 64 printable characters; None for a number.

        Raises:
            TypeError, ValueError: it cannot be a name.
        """
        if name is None:
            name = f"enclave-{next(_numbers)}"
        elif not isinstance(name, str):
            raise TypeError(f"name: expected text, got {shown(name)}")
        elif not (0 < len(name) <= 64 and name.isprintable()):
            raise ValueError(f"name: expected 1 to 64 printable characters, got {shown(name)}")
        self._enclaves[name] = weakref.ref(enclave, lambda _: self._ring())
        self._ring()

    def close(self) -> None:
        """Close the socket, remove it and end the thread.  Closing again does nothing."""
        self._closing = True
        self._ring()
        if self._thread is not threading.current_thread():
            self._thread.join(_JOIN_SECONDS)

    @property
    def closed(self) -> bool:
        """Whether it has ended: it was closed, or no enclave is left."""
        return not self._thread.is_alive()

    def __repr__(self) -> str:
        return f"<StatsServer {'closed' if self.closed else self.path}>"

    def _ring(self) -> None:
        """Have the thread look around; may be called from a finalizer."""
        with contextlib.suppress(OSError):  # full: it will; closed: it has
            self._bell.send(b"!")

    # -- the thread --------------------------------------------------------------------------------------------------

    def _main(self) -> None:
        try:
            with selectors.PollSelector() as selector:
                selector.register(self._listener, selectors.EVENT_READ)
                selector.register(self._ear, selectors.EVENT_READ)
                while not self._over():
                    due = min((client.due for client in self._clients.values()), default=None)
                    wait = None if due is None else max(0.0, due - time.monotonic())
                    for key, events in selector.select(wait):
                        self._attend(key.fileobj, events, selector)
                    self._send_due(selector)
        except Exception:  # noqa: BLE001 - showing figures must hurt nobody
            _log.exception("the thread of the statistics socket met an error of its own")
        finally:
            self._tidy()

    def _over(self) -> bool:
        if self._closing:
            return True
        for name, enclave in list(self._enclaves.items()):
            if enclave() is None:
                del self._enclaves[name]
        return not (self._enclaves or self._lasting)

    def _attend(self, ready: Any, events: int, selector: selectors.BaseSelector) -> None:
        if ready is self._ear:
            with contextlib.suppress(BlockingIOError):
                self._ear.recv(4096)
        elif ready is self._listener:
            self._accept(selector)
        elif (client := self._clients.get(ready)) is not None:
            there = client.hear() if events & selectors.EVENT_READ else True
            self._keep(client, there and client.flush(), selector)

    def _accept(self, selector: selectors.BaseSelector) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # it has gone again, or there are no descriptors
            return
        if len(self._clients) >= _MAX_CLIENTS or not _same_user(connection):
            connection.close()
            return
        client = _Client(connection)
        self._clients[connection] = client
        selector.register(connection, selectors.EVENT_READ)
        self._keep(client, client.say(_hello()), selector)

    def _send_due(self, selector: selectors.BaseSelector) -> None:
        now = time.monotonic()
        due = [client for client in self._clients.values() if client.due <= now]
        if not due:
            return
        sample = self._sample()
        for client in due:
            client.due = now + client.interval
            self._keep(client, client.say(sample), selector)

    def _keep(self, client: _Client, wanted: bool, selector: selectors.BaseSelector) -> None:
        """Go on with the client, or cut it off."""
        if wanted:
            selector.modify(client.connection, client.events)
        else:
            selector.unregister(client.connection)
            del self._clients[client.connection]
            client.connection.close()

    def _sample(self) -> dict[str, Any]:
        enclaves = []
        for name, reference in list(self._enclaves.items()):
            enclave = reference()
            if enclave is not None:
                enclaves.append({"name": name, **_figures(enclave)})
        return {"type": "sample", "time": time.time(), "enclaves": enclaves}

    def _tidy(self) -> None:
        _registry.discard(self)
        self._close_descriptors()
        with contextlib.suppress(OSError):
            if _identity(self.path) == self._mark:  # else somebody else has put a socket there
                self.path.unlink()

    def _close_descriptors(self) -> None:
        for connection in (self._listener, self._bell, self._ear, *self._clients):
            connection.close()
        self._clients.clear()


class _Client:
    """One connection.  One that has not taken a message by the time of the one after the next is cut off."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self.connection = connection
        self.interval = INTERVAL
        self.due = 0.0  # at once
        self._heard = b""
        self._unsent: list[bytes] = []

    @property
    def events(self) -> int:
        """What to wait for."""
        return selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0)

    def say(self, message: dict[str, Any]) -> bool:
        """Send a message, what does not go now later; False if it has gone, or did not take those before."""
        if len(self._unsent) > 1:
            return False
        self._unsent.append(json.dumps(message, allow_nan=False).encode() + b"\n")
        return self.flush()

    def flush(self) -> bool:
        """Send what goes without waiting; False if it has gone."""
        try:
            while self._unsent:
                sent = self.connection.send(self._unsent[0])
                rest = self._unsent[0][sent:]
                self._unsent[:1] = [rest] if rest else []
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True

    def hear(self) -> bool:
        """Read what it asks for; False if it has gone or asks for nonsense."""
        try:
            data = self.connection.recv(_MAX_REQUEST)
        except BlockingIOError:
            return True
        except OSError:
            return False
        *lines, self._heard = (self._heard + data).split(b"\n")
        if not data or len(self._heard) > _MAX_REQUEST:
            return False
        for line in lines:
            try:
                interval = json.loads(line)["interval"]
            except (ValueError, TypeError, LookupError, RecursionError):
                return False
            if isinstance(interval, bool) or not isinstance(interval, (int, float)):
                return False
            if not _INTERVALS[0] <= interval <= _INTERVALS[1]:
                return False
            self.interval = float(interval)
            self.due = min(self.due, time.monotonic() + self.interval)
        return True


def _hello() -> dict[str, Any]:
    from . import __version__

    return {
        "type": "hello",
        "protocol": PROTOCOL,
        "pid": os.getpid(),
        "python": platform.python_version(),
        "version": __version__,
    }


def _figures(enclave: EnclaveBase) -> dict[str, Any]:
    """What is told of an enclave: numbers, and what is named here."""
    pool = enclave._pool
    limits = enclave._settings.pool
    figures: dict[str, Any] = {
        "security_level": enclave._settings.security_level,
        "state": "new" if pool is None else "closed" if pool.closed else "open",
        "limits": {
            "min_workers": limits.min_workers,
            "max_workers": limits.max_workers,
            "max_queue_size": limits.max_queue_size,
            "memory_limit_per_worker": limits.memory_limit_per_worker,
        },
        "stats": None,
        "workers": [],
    }
    if pool is not None:
        with contextlib.suppress(EnclaveUsageError):
            figures["stats"] = asdict(pool.stats())
            figures["workers"] = [
                {"id": each.id, "state": each.state, "executions": each.executions, "memory": each.memory}
                for each in pool.workers()
            ]
    return figures


# --- the place -------------------------------------------------------------------------------------------------------


def _listen(path: str | os.PathLike[str] | None) -> tuple[socket.socket, Path]:
    if path is None:
        places: Iterator[Path]
        folder = own_folder()
        names = itertools.chain(
            [f"{os.getpid()}.sock"], (f"{os.getpid()}-{n}.sock" for n in itertools.count(2))
        )
        places = (folder / name for name in names)
    else:
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"path: expected a path or None, got {shown(path)}")
        places = iter([Path(path).absolute()])
    place = next(places)
    if len(os.fsencode(place)) > _MAX_PATH:
        raise ValueError(
            f"path: expected at most {_MAX_PATH} bytes, for a socket's name has no more; got {place}"
        )
    _check_folder(place.parent)
    while not _make_free(place):
        if path is not None:
            raise ValueError(f"path: expected a new name, got {place}, which is in use or no socket")
        place = next(places)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(place))
        place.chmod(0o600)  # until here the folder keeps others out
        listener.listen(_MAX_CLIENTS)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener, place


def _check_folder(folder: Path) -> None:
    """Make the folder if it is not there; ValueError unless it is this user's alone."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise ValueError(
            f"path: expected a folder of yours that nobody else can enter, got {folder}"
            f" ({stat.filemode(found.st_mode)}, user {found.st_uid}); make one with mode 0700, or give no path"
        )


def _make_free(place: Path) -> bool:
    """Remove a socket that nobody listens at any more; False if something else is there."""
    try:
        if not stat.S_ISSOCK(place.lstat().st_mode):
            return False
    except FileNotFoundError:
        return True
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(place))
        except ConnectionRefusedError:
            place.unlink(missing_ok=True)
            return True
        return False


def _identity(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_dev, found.st_ino


def _same_user(connection: socket.socket) -> bool:
    """Whether the peer is this user, or root."""
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return user in {0, os.geteuid()}


# --- the process -----------------------------------------------------------------------------------------------------


class _Registry:
    """The open servers of this process, and the one that its environment asks for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._servers: set[StatsServer] = set()
        self._own: StatsServer | None = None
        self._failed = False
        self._installed = False

    def add(self, server: StatsServer) -> None:
        with self._lock:
            self._servers.add(server)
            if not self._installed:
                self._installed = True
                atexit.register(self._close_all)
                os.register_at_fork(after_in_child=self._forked)

    def discard(self, server: StatsServer) -> None:
        with self._lock:
            self._servers.discard(server)

    def own(self, asked: str) -> StatsServer | None:
        """The process's server, opened at the first time; None if that failed, which was logged."""
        with self._lock:
            if self._own is not None or self._failed:
                return self._own
            self._failed = True
        path = None if asked in {"1", "auto"} else asked.replace("%p", str(os.getpid()))
        try:
            server = StatsServer(path)
        except (OSError, ValueError, RuntimeError) as error:
            _log.warning("%s=%s: no statistics are shown: %s", VARIABLE, asked, error)
            return None
        with self._lock:
            self._own, self._failed = server, False
        return server

    def _close_all(self) -> None:
        with self._lock:
            servers = list(self._servers)
        for server in servers:
            server.close()

    def _forked(self) -> None:
        """In the child: the threads are not here, and what they served is the parent's."""
        self._lock = threading.Lock()
        for server in self._servers:
            server._close_descriptors()
        self._servers = set()
        self._own, self._failed = None, False


_registry = _Registry()


def serve_process(enclave: EnclaveBase, asked: str) -> None:
    """Show an enclave on the socket that the process's environment asks for; a failure is logged and hurts nothing."""
    server = _registry.own(asked)
    if server is not None:
        server.show(enclave)
