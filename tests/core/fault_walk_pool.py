"""The same for enclaves, sessions, event loops and executors: the pool is whole, or has said why not."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from fault_walk import (
    HOST,
    KERNEL,
    LATE,
    LOST,
    MEMORY,
    PYTHON,
    RANGE,
    SLOT,
    SLOW,
    STIRS,
    WAKE,
    Broken,
    Holdings,
    Walk,
)

Disarm = Callable[[], None]
HONEST = "sum(range(10))"
ENDLESS = "while True: pass"
SPARE_THREADS = 4
LIMIT_PACE = 29
SCRIPT = """
import asyncio
from decimal import Decimal
print("one"); print("zwei")
a = call_tool("t", {"a": [1, "x", Decimal("1.5")]})
async def both():
    return await asyncio.gather(acall_tool("u", {}), acall_tool("v", {"k": "ü" * 300}))
(a, asyncio.run(both()), "x" * 5000, {"d": Decimal("2.5")})
"""


def tool(name: str, args: dict[str, Any]) -> Any:
    return [name, args, "ö" * 100]


async def async_tool(name: str, args: dict[str, Any]) -> Any:
    await asyncio.sleep(0)
    return tool(name, args)


def ignore(*_: Any) -> None:
    pass


def config(**changes: Any) -> Any:
    from enclave_subinterp import WorkerPoolPresets

    return dataclasses.replace(
        WorkerPoolPresets.STANDARD,
        **{
            "min_workers": 1,
            "max_workers": 1,
            "memory_limit_per_worker": 32 << 20,
            "max_executions_per_worker": 1_000_000,
            "spare_workers": 0,
            "queue_timeout": 20.0,
            "graceful_shutdown_timeout": 10.0,
            **changes,
        },
    )


def code_of(result: Any) -> str:
    return "value" if result.success else f"{result.error.code.value} {result.error.name}"


# --- Enclaves ------------------------------------------------------------------------------------------------------


def make_enclave(**changes: Any) -> Any:
    from enclave_subinterp import Enclave

    return Enclave(worker_pool_config=config(**changes), tool_handler=tool, on_output=ignore, timeout=20.0)


def check_enclave(enclave: Any) -> None:
    """The next run of it is right."""
    result = enclave.run(HONEST)
    if not result.success or result.value != 45:
        raise Broken(f"the next run: {result}")
    stats = enclave.stats()
    if (stats.active_workers, stats.queue_depth, stats.condemned_slots) != (0, 0, 0):
        raise Broken(f"the pool is not at rest: {stats}")


class Enclaves:
    """What is done with one enclave that lives through all the faults."""

    def __init__(self) -> None:
        self.enclave = make_enclave()

    @contextmanager
    def whole(self, disarm: Disarm) -> Iterator[Any]:
        try:
            yield self.enclave
        finally:
            disarm()
            check_enclave(self.enclave)
            while self.enclave.stats().total_executions % STIRS:
                self.enclave.run("1")

    def run(self, disarm: Disarm) -> str:
        with self.whole(disarm) as enclave:
            return code_of(enclave.run(SCRIPT))

    def halt(self, disarm: Disarm) -> str:
        with self.whole(disarm) as enclave:
            said = code_of(enclave.run(ENDLESS, timeout=0.002))
            said += ", " + code_of(enclave.run("import time; time.sleep(100)", timeout=0.002))
            said += ", " + code_of(enclave.run("3 ** 30_000_000", timeout=0.002))
            return said + ", " + code_of(enclave.run("x = bytearray(1 << 29)"))

    def submit(self, disarm: Disarm) -> str:
        with self.whole(disarm) as enclave:
            handles = []
            try:
                for code in (SCRIPT, ENDLESS, HONEST):
                    handles.append(enclave.submit(code))
                handles[1].kill()
                return ", ".join(code_of(handle.result()) for handle in handles)
            finally:
                for handle in handles:
                    handle.kill()

    def session(self, disarm: Disarm) -> str:
        with self.whole(disarm) as enclave, enclave.session() as session:
            session.run("x = 1")
            mark = session.checkpoint()
            session.run("x = 2")
            session.restore(mark)
            return code_of(session.run("assert x == 1"))

    def life(self, disarm: Disarm) -> str:
        with make_enclave() as enclave:
            try:
                return code_of(enclave.run(SCRIPT))
            finally:
                disarm()
                check_enclave(enclave)

    def full(self, disarm: Disarm) -> str:
        """A full queue: one runs, one waits, the third is refused, unless the fault has ended one of them."""
        from enclave_subinterp import QueueFullError

        with make_enclave(max_queue_size=1) as enclave:
            held = []
            try:
                with suppress(QueueFullError):
                    for code in (ENDLESS, HONEST, HONEST):
                        held.append(enclave.submit(code))
                held[0].kill()
                return ", ".join(code_of(handle.result()) for handle in held)
            finally:
                disarm()
                for handle in held:
                    handle.kill()
                check_enclave(enclave)


# --- Event loops and executors ---------------------------------------------------------------------------------------


def awaited(disarm: Disarm) -> str:
    from enclave_subinterp import AsyncEnclave

    async def main() -> str:
        options = {"worker_pool_config": config(), "tool_handler": async_tool, "on_output": ignore}
        async with AsyncEnclave(**options, timeout=20.0) as enclave:
            try:
                return code_of(await enclave.run(SCRIPT))
            finally:
                disarm()
                result = await enclave.run(HONEST)
                if not result.success or result.value != 45:
                    raise Broken(f"the next run: {result}")

    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _, about: unheard.append(about))
    unheard: list[dict[str, Any]] = []
    try:
        return loop.run_until_complete(main())
    finally:
        loop.close()
        if unheard:
            raise Broken(f"the loop was told of {unheard}")


def double(data: bytearray) -> bytearray:
    return data * 2


class Executors:
    """One executor that lives through all the faults."""

    def __init__(self) -> None:
        from enclave_subinterp import EnclaveExecutor

        self.executor = EnclaveExecutor(1)

    def tasks(self, disarm: Disarm) -> str:
        try:
            futures = [self.executor.submit(pow, 2, 10), self.executor.submit(bytes.upper, b"x" * 100_000)]
            said = []
            for future in futures:
                try:
                    said.append(str(len(str(future.result(20)))))
                except TimeoutError:
                    raise Broken("a future was never done") from None
                except Exception as error:  # noqa: BLE001 - told as the answer; what may be raised is the test's to say
                    said.append(type(error).__name__)
            return ", ".join(said)
        finally:
            disarm()
            if self.executor.submit(pow, 2, 10).result(20) != 1024:
                raise Broken("the next task")


def walk_pool(walk: Walk) -> None:
    """Runs, halts, sessions and lives of enclaves, on the host's side and the slots'."""
    logging.getLogger("enclave_subinterp").addHandler(logging.NullHandler())  # what it says of the faults
    Enclaves().life(ignore)  # what comes once for the process
    awaited(ignore)
    held = Holdings()
    walk.held.spare = SPARE_THREADS
    enclaves, executors = Enclaves(), Executors()
    acts = {
        "enclave run": enclaves.run,
        "enclave halt": enclaves.halt,
        "enclave submit": enclaves.submit,
        "session": enclaves.session,
        "enclave life": enclaves.life,
        "full queue": enclaves.full,
        "awaited": awaited,
        "tasks": executors.tasks,
    }
    for act in acts.values():
        for _ in range(2):
            act(ignore)
    plain = MEMORY | KERNEL | PYTHON
    for name, act in acts.items():
        walk.through(f"{name}, host", plain, HOST, act)
        walk.through(f"{name}, slot", plain, SLOT, act)
        walk.through(f"{name}, signals", LOST | LATE, HOST | SLOT, act, most=20)
        walk.through(f"{name}, waits", WAKE, HOST | SLOT, act, times=2, most=40)
        walk.through(f"{name}, slow", SLOW, HOST | SLOT, act, times=3, pace=5)
        sparse = (
            LIMIT_PACE if act in (enclaves.full, awaited) else 1
        )  # their starts are those of "enclave life"
        walk.through(f"{name}, limit", RANGE, SLOT, act, pace=LIMIT_PACE, sparse=sparse)
        walk.threads(f"{name}, threads", act)
    enclaves.enclave.close()
    executors.executor.shutdown()
    del enclaves, executors, acts, act  # an executor has its queue as long as it is there
    more = held.more()
    if more:
        walk.broken.append(f"after all: {more}")
