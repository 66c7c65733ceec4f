"""What comes from outside: bodies that are bounded in size and time, and whether the client is still there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .answers import Answer, encoded, failure
from .runs import Run, Script
from .tiers import Tier

MAX_BODY = 128 * 1024  # bytes
BODY_SECONDS = 10.0  # for the whole of it
SEND_SECONDS = 30.0  # that one piece of an answer may wait for a client that does not read


class Refused(Exception):
    """The request is answered with an error."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


async def script_of(request: Request, tier: Tier) -> Script:
    """The script that a request carries; `Refused` if it is none."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _body(request)
    except TimeoutError:
        raise Refused(failure(408, "TOO_SLOW", f"the body took more than {BODY_SECONDS:g} s")) from None
    except ClientDisconnect:
        raise Refused(failure(400, "BAD_REQUEST", "the body did not come whole")) from None
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(failure(400, "BAD_REQUEST", f"the body is no JSON: {error}")) from None
    limit = tier.level.limits.timeout
    match asked:
        case {"code": str(code), **rest}:
            inputs, timeout = rest.pop("inputs", {}), rest.pop("timeout", limit)
            if (
                not rest
                and isinstance(inputs, dict)
                and isinstance(timeout, int | float)
                and not isinstance(timeout, bool)
            ):
                return Script(code, inputs, min(timeout, limit))
    wanted = '{"code": text, "inputs": {name: value}, "timeout": seconds}, of which the first is needed'
    raise Refused(failure(400, "BAD_REQUEST", f"expected {wanted}"))


async def _body(request: Request) -> bytes:
    too_large = Refused(failure(413, "TOO_LARGE", f"a body has at most {MAX_BODY} bytes"))
    if int(request.headers.get("content-length", "0")) > MAX_BODY:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise too_large
    return bytes(body)


async def unless_dropped(run: Run, receive: Receive) -> Answer:
    """What the run came to; it is ended when the client goes."""
    gone = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait([run.task, gone], return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            run.kill()
        return await run.answer()
    finally:
        gone.cancel()
        run.kill()


class Feed(Response):
    """A stream of JSON objects, a line each, that ends when its source does or the client goes."""

    media_type = "application/x-ndjson"

    def __init__(
        self,
        source: AsyncIterator[Mapping[str, Any]],
        headers: dict[str, str] | None = None,
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        """`at_end` is called in either case, also if the source never began."""
        self._source = source
        self._at_end = at_end
        self.status_code = 200
        self.background = None
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no", **(headers or {})})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        sending, gone = asyncio.create_task(self._send(send)), asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait([sending, gone], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._at_end()
            sending.cancel()
            gone.cancel()
            await asyncio.wait([sending, gone])
        if not sending.cancelled():
            sending.result()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for item in self._source:
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": encoded(item) + b"\n", "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
