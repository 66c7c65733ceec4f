"""The service: one pool of workers for each class of tenants behind HTTP.

POST /run            {"code": ..., "inputs": {...}, "timeout": 2}   answered when the script has ended
POST /stream         the same, answered by its output as it comes and by its end, a JSON object a line
GET /runs            the runs under way that one may see
DELETE /runs/{id}    end one
GET /health          for the load balancer
GET /stats           the pools' figures, for operators
GET /live            those of one's own pool and its workers, a JSON object a second, for operators
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from enclave_subinterp import AsyncEnclave

from .answers import Answer, encoded, failure
from .notes import Notes
from .requests import Feed, Refused, script_of, unless_dropped
from .runs import Run, Runs, TooManyRuns, current, too_many
from .tiers import TIERS, Tenant, Tenants

LIVE_SECONDS = 1.0

type Endpoint = Callable[[Request, Tenant], Awaitable[Response]]


class Service:
    """The pools, the tenants, and the runs under way."""

    def __init__(self, tenants: Tenants, more: list[BaseRoute] | None = None) -> None:
        self._tenants = tenants
        self._runs = Runs()
        self._notes = Notes()
        self._enclaves: dict[str, AsyncEnclave] = {}
        self._ending = asyncio.Event()
        routes: list[BaseRoute] = [
            Route("/run", self._known(self._run), methods=["POST"]),
            Route("/stream", self._known(self._stream), methods=["POST"]),
            Route("/runs", self._known(self._list), methods=["GET"]),
            Route("/runs/{id}", self._known(self._kill), methods=["DELETE"]),
            Route("/health", self._health, methods=["GET"]),
            Route("/stats", self._known(self._stats), methods=["GET"]),
            Route("/live", self._known(self._live), methods=["GET"]),
            *(more or []),
        ]
        self.app = Starlette(
            routes=routes,
            lifespan=self._lifespan,
            exception_handlers={HTTPException: _no_endpoint, Exception: _broken},
        )

    def end(self) -> None:
        """The service is about to end: what goes on for ever ends now; runs have the server's grace."""
        self._ending.set()

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """The pools live as long as the application; at its end what runs is ended."""
        async with AsyncExitStack() as stack:
            for tier in TIERS.values():
                enclave = AsyncEnclave(
                    security_level=tier.level,
                    worker_pool_config=tier.pool,
                    tool_handler=self._notes.call,
                    tool_timeout=5.0,
                    on_output=lambda stream, text: current.get().wrote(stream, text),
                )
                self._enclaves[tier.name] = await stack.enter_async_context(enclave)
            yield
            for run in self._runs.of(lambda _: True):
                run.kill()
        self._enclaves.clear()

    def _known(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint, for requests of tenants."""

        async def checked(request: Request) -> Response:
            tenant = self._tenants.find(request.headers.get("authorization", ""))
            if tenant is None:
                answer = failure(401, "UNAUTHORIZED", "send a key of yours: Authorization: Bearer KEY")
                return _response(Answer(401, answer.body, {"WWW-Authenticate": "Bearer"}))
            try:
                return await endpoint(request, tenant)
            except Refused as refusal:
                return _response(refusal.answer)

        return checked

    async def _begin(self, request: Request, tenant: Tenant) -> Run:
        script = await script_of(request, tenant.tier)
        try:
            return self._runs.begin(tenant, self._enclaves[tenant.tier.name], script)
        except TooManyRuns as error:
            raise Refused(too_many(error)) from None

    async def _run(self, request: Request, tenant: Tenant) -> Response:
        run = await self._begin(request, tenant)
        answer = await unless_dropped(run, request.receive)
        return _response(Answer(answer.status, {"run": run.id, **answer.body}, answer.headers))

    async def _stream(self, request: Request, tenant: Tenant) -> Response:
        run = await self._begin(request, tenant)
        # One turn of the loop: if the queue is full, it has been said by then, and the status can still tell it.
        await asyncio.wait([run.task], timeout=0)
        if run.task.done() and not (answer := await run.answer()).began:
            return _response(answer)
        return Feed(_told(run), {"X-Run-Id": run.id}, at_end=run.kill)

    async def _list(self, _: Request, tenant: Tenant) -> Response:
        return _response(Answer(200, {"runs": [run.shown() for run in self._runs.seen_by(tenant)]}))

    async def _kill(self, request: Request, tenant: Tenant) -> Response:
        for run in self._runs.seen_by(tenant):
            if run.id == request.path_params["id"]:
                run.kill()
                return Response(status_code=204)
        return _response(failure(404, "NOT_FOUND", "there is no such run under way"))

    async def _health(self, _: Request) -> Response:
        """Fit for more: no pool has lost so many slots that it starts no new workers."""
        lost = {name: each.stats().condemned_slots for name, each in self._enclaves.items()}
        fit = bool(lost) and all(lost[name] <= TIERS[name].pool.max_condemned for name in lost)
        return _response(Answer(200 if fit else 503, {"healthy": fit, "condemned_slots": lost}))

    async def _stats(self, _: Request, tenant: Tenant) -> Response:
        _check_operator(tenant)
        pools = {name: asdict(enclave.stats()) for name, enclave in self._enclaves.items()}
        return _response(Answer(200, {"pools": pools, "runs": len(self._runs.of(lambda _: True))}))

    async def _live(self, _: Request, tenant: Tenant) -> Response:
        _check_operator(tenant)
        return Feed(self._figures(tenant))

    async def _figures(self, tenant: Tenant) -> AsyncIterator[dict[str, Any]]:
        enclave = self._enclaves[tenant.tier.name]
        while not self._ending.is_set():
            yield {
                "stats": asdict(enclave.stats()),
                "workers": [
                    {"id": each.id, "state": each.state, "executions": each.executions, "memory": each.memory}
                    for each in enclave.workers()
                ],
                "runs": [run.shown() for run in self._runs.seen_by(tenant)],
            }
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), LIVE_SECONDS)


async def _told(run: Run) -> AsyncIterator[dict[str, Any]]:
    """A run as it goes."""
    yield {"type": "run", "run": run.id}
    async for stream, text in run.written():
        yield {"type": "output", "stream": stream, "text": text}
    answer = await run.answer()
    yield {"type": "end", "status": answer.status, **answer.body}


def _check_operator(tenant: Tenant) -> None:
    if not tenant.operator:
        raise Refused(failure(403, "FORBIDDEN", "this is for operators"))


async def _no_endpoint(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = failure(error.status_code, HTTPStatus(error.status_code).name, error.detail)
    return _response(Answer(answer.status, answer.body, dict(error.headers or {})))


async def _broken(_: Request, __: Exception) -> Response:
    """An error of the service's own: its traceback is in the log, and nothing of it goes out."""
    return _response(failure(500, "INTERNAL", "the service met an error of its own"))


def _response(answer: Answer) -> Response:
    return Response(
        encoded(answer.body), answer.status, headers=answer.headers, media_type="application/json"
    )
