"""What the programs of tests/hostile/sandbox are after: a secret, in files of many formats and behind sockets.

The secret is a word that is an identifier too.  `Bait` lays it out in a folder and answers connections with it, on
threads of the process that makes it; the programs run in children of that process.
"""

from __future__ import annotations

import bz2
import contextlib
import dbm.dumb
import gzip
import json
import lzma
import os
import secrets
import shelve
import socket
import sqlite3
import struct
import sys
import tarfile
import threading
import zipfile
from pathlib import Path
from typing import Any, Self


class Bait:
    """The folder and the listeners; a context manager."""

    def __init__(self, folder: Path) -> None:
        self.secret = f"canary{secrets.token_hex(16)}"
        self.token = f"out{secrets.token_hex(16)}"
        self.folder = folder / "canary"
        _lay_out(self.folder, self.secret)
        self._answer = (
            f"HTTP/1.0 200 {self.secret}\r\nContent-Length: {len(self.secret)}\r\n\r\n{self.secret}".encode()
        )
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._unix_path = str(folder / "unix")
        self._unix = socket.socket(socket.AF_UNIX)
        self._unix.bind(self._unix_path)
        self._unix.listen()

    def names(self) -> dict[str, Any]:
        """Those of the programs' names that are the same for all."""
        return {
            "CANARY_DIR": str(self.folder),
            "CANARY_PATH": str(self.folder / "canary.txt"),
            "TCP_PORT": self._tcp.getsockname()[1],
            "UDP_PORT": self._udp.getsockname()[1],
            "UNIX_PATH": self._unix_path,
            "TOKEN": self.token,
        }

    def __enter__(self) -> Self:
        for target in (self._serve_tcp, self._serve_unix, self._serve_udp):
            threading.Thread(target=target, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for listener in (self._tcp, self._unix, self._udp):
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes its thread
            listener.close()

    def _serve_tcp(self) -> None:
        self._serve(self._tcp)

    def _serve_unix(self) -> None:
        self._serve(self._unix)

    def _serve(self, listener: socket.socket) -> None:
        kept: list[
            socket.socket
        ] = []  # closed at the end: unread data would reset a connection that is closed early
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                break
            kept.append(connection)
            try:
                connection.sendall(self._answer)
                connection.shutdown(socket.SHUT_WR)
            except OSError:  # the other side has gone already
                continue
        for connection in kept:
            connection.close()

    def _serve_udp(self) -> None:
        while True:
            try:
                _, address = self._udp.recvfrom(65536)
                if address is None:
                    return
                self._udp.sendto(self._answer, address)
            except OSError:
                return


def _lay_out(folder: Path, secret: str) -> None:
    data = secret.encode()
    folder.mkdir()
    (folder / "canary.txt").write_text(f"{secret}\n")
    (folder / "canary_module.py").write_text(f"VALUE = {secret!r}\n\n\nclass {secret}:\n    pass\n")
    (folder / "canary.ini").write_text(f"[canary]\nvalue = {secret}\n")
    (folder / "canary.xml").write_text(f"<canary>{secret}</canary>")
    (folder / "canary.netrc").write_text(f"machine canary login canary password {secret}\n")
    (folder / "canary.netrc").chmod(0o600)
    (folder / "canary.mbox").write_text(f"From canary\nSubject: {secret}\n\n{secret}\n")
    (folder / "canary.types").write_text(f"application/{secret} canary\n")
    (folder / "canary.doctest").write_text(f">>> 1\n{secret}\n")
    (folder / "canary.cookies").write_text(
        f"# Netscape HTTP Cookie File\nexample.org\tFALSE\t/\tFALSE\t4102444800\tcanary\t{secret}\n"
    )
    (folder / "canary.link").symlink_to(secret)
    (folder / "names").mkdir()
    (folder / "names" / f"{secret}.py").touch()
    (folder / "site").mkdir()
    (folder / "site" / "canary.pth").write_text(f"import sys; sys.canary = {secret!r}\n")
    (folder / "remote.py").write_text("import sys\nsys.remote_stain = True\n")
    (folder / "canary.gz").write_bytes(gzip.compress(data))
    (folder / "canary.bz2").write_bytes(bz2.compress(data))
    (folder / "canary.xz").write_bytes(lzma.compress(data))
    (folder / "canary.json").write_text(json.dumps(secret))
    if sys.version_info >= (3, 14):
        from compression import zstd

        (folder / "canary.zst").write_bytes(zstd.compress(data))
    with zipfile.ZipFile(folder / "canary.zip", "w") as archive:
        archive.writestr("canary.txt", data)
        archive.writestr("canary_zipped.py", f"VALUE = {secret!r}\n")
    with tarfile.open(folder / "canary.tar", "w") as archive:
        archive.add(folder / "canary.txt", "canary.txt")
    connection = sqlite3.connect(folder / "canary.db")
    connection.execute("create table canary (value text)")
    connection.execute("insert into canary values (?)", (secret,))
    connection.commit()
    connection.close()
    with dbm.dumb.open(str(folder / "canary_dumb"), "c") as table:
        table["canary"] = secret
    with shelve.Shelf(dbm.dumb.open(str(folder / "canary_shelf"), "c")) as shelf:
        shelf["canary"] = secret
    # A time zone without transitions, whose abbreviation is the secret (RFC 9636, version 1).
    zone = b"TZif" + bytes(16) + struct.pack(">6l", 0, 0, 0, 0, 1, len(data) + 1)
    (folder / "Canary").write_bytes(zone + struct.pack(">lbb", 0, 0, 0) + data + b"\0")
    catalog = folder / "en" / "LC_MESSAGES"
    catalog.mkdir(parents=True)
    (catalog / "canary.mo").write_bytes(_catalog(b"canary", data))


def _catalog(key: bytes, value: bytes) -> bytes:
    """A message catalog of one message (GNU gettext's .mo)."""
    texts = 28 + 16
    table = struct.pack("<2I", len(key), texts) + struct.pack("<2I", len(value), texts + len(key) + 1)
    return struct.pack("<7I", 0x950412DE, 0, 1, 28, 36, 0, 0) + table + key + b"\0" + value + b"\0"


def environment(secret: str) -> dict[str, str]:
    """What the environment of a child holds besides."""
    return {**os.environ, "ENCLAVE_CANARY": secret, "http_proxy": f"http://{secret}/"}
