"""A client of the service, for programs and tests: plain `http.client`, a connection for each request."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answered."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def code(self) -> str | None:
        """The error's code, of the contract or the service's own."""
        error = self.body.get("error")
        return None if error is None else error["code"]


class NotBegunError(Exception):
    """The service answered with an error in the place of a stream."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.status} {reply.code}")
        self.reply = reply


class Client:
    """Sends requests of one tenant."""

    def __init__(self, address: str, key: str, *, timeout: float = 60.0) -> None:
        self._place = urlsplit(address).netloc
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._timeout = timeout

    def ask(self, method: str, path: str, body: bytes | None = None) -> Reply:
        """One request and its whole answer."""
        with self.asked(method, path, body) as response:
            return _whole(response)

    def run(self, code: str, **more: Any) -> Reply:
        """Run a script and wait for its end."""
        return self.ask("POST", "/run", json.dumps({"code": code, **more}).encode())

    @contextmanager
    def stream(self, code: str, **more: Any) -> Iterator[Iterator[dict[str, Any]]]:
        """Run a script and read what it does as it does it; to leave early is to end it.

        Raises:
            NotBegunError: there is no stream.
        """
        with self.asked("POST", "/stream", json.dumps({"code": code, **more}).encode()) as response:
            if response.status != 200:
                raise NotBegunError(_whole(response))
            yield map(json.loads, response)

    @contextmanager
    def asked(self, method: str, path: str, body: bytes | None = None) -> Iterator[http.client.HTTPResponse]:
        """A request, and its answer to be read."""
        connection = http.client.HTTPConnection(self._place, timeout=self._timeout)
        try:
            connection.request(method, path, body, self._headers)
            with connection.getresponse() as response:
                yield response
        finally:
            connection.close()


def _whole(response: http.client.HTTPResponse) -> Reply:
    text = response.read()
    return Reply(response.status, json.loads(text) if text else {}, dict(response.getheaders()))
