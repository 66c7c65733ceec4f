"""The runs under way: whose they are, what they write, how they are ended."""

from __future__ import annotations

import asyncio
import itertools
import operator
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from enclave_subinterp import AsyncEnclave

from .answers import Answer, ended, failure, killed, refused
from .tiers import Tenant

# Which run a tool call or a piece of output belongs to: both are handed over in the context of the task that awaits it.
current: ContextVar[Run] = ContextVar("current")


@dataclass(frozen=True, slots=True)
class Script:
    """What a request asks for."""

    code: str
    inputs: Mapping[str, Any]
    timeout: float


class TooManyRuns(Exception):
    """The tenant has as many runs under way as it may."""


class Run:
    """One run, from its request to its end."""

    def __init__(self, tenant: Tenant, enclave: AsyncEnclave, script: Script) -> None:
        self.id = secrets.token_urlsafe(12)
        self.tenant = tenant
        self._began = time.monotonic()
        self._pieces: list[tuple[str, str]] = []
        self._changed = asyncio.Event()
        self.task = asyncio.create_task(self._serve(enclave, script))
        self.task.add_done_callback(lambda _: self._changed.set())

    def wrote(self, stream: str, text: str) -> None:
        """The script has written something."""
        self._pieces.append((stream, text))
        self._changed.set()

    async def written(self) -> AsyncIterator[tuple[str, str]]:
        """What the script writes, as it comes; what has come to one stream meanwhile is one piece."""
        while self._pieces or not self.task.done():
            await self._changed.wait()
            self._changed.clear()
            pieces, self._pieces = self._pieces, []
            for stream, group in itertools.groupby(pieces, operator.itemgetter(0)):
                yield stream, "".join(text for _, text in group)

    async def answer(self) -> Answer:
        """Wait for the end, and what it came to.  If nobody waits for it any more, the run is ended."""
        try:
            await asyncio.wait([self.task])
        finally:
            self.task.cancel()
        return killed() if self.task.cancelled() else self.task.result()

    def kill(self) -> None:
        """End it, waiting or running."""
        self.task.cancel()

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "tenant": self.tenant.name,
            "tier": self.tenant.tier.name,
            "seconds": time.monotonic() - self._began,
        }

    async def _serve(self, enclave: AsyncEnclave, script: Script) -> Answer:
        current.set(self)
        try:
            result = await enclave.run(script.code, timeout=script.timeout, globals=script.inputs)
        except Exception as error:
            answer = refused(error, enclave.stats(), self.tenant.tier.pool)
            if answer is None:
                raise
            return answer
        return ended(result)


class Runs:
    """All runs under way."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    def begin(self, tenant: Tenant, enclave: AsyncEnclave, script: Script) -> Run:
        """Begin a run; `TooManyRuns` if the tenant has its share already."""
        limit = tenant.tier.runs_at_once
        if len(self.of(lambda run: run.tenant.name == tenant.name)) >= limit:
            raise TooManyRuns(f"{tenant.name} has {limit} runs under way, and may have no more")
        run = Run(tenant, enclave, script)
        self._runs[run.id] = run
        run.task.add_done_callback(lambda _: self._runs.pop(run.id))
        return run

    def of(self, wanted: Callable[[Run], bool]) -> list[Run]:
        return [run for run in self._runs.values() if wanted(run)]

    def seen_by(self, tenant: Tenant) -> list[Run]:
        """Those that a tenant may see and end: its own, or of an operator all of the tier."""
        if tenant.operator:
            return self.of(lambda run: run.tenant.tier is tenant.tier)
        return self.of(lambda run: run.tenant.name == tenant.name)


def too_many(error: TooManyRuns) -> Answer:
    return failure(429, "TENANT_BUSY", str(error), retry=1)
