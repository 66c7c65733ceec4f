# what: asynchronous context managers
import asyncio
from contextlib import asynccontextmanager

log = []


@asynccontextmanager
async def connection(name):
    log.append(f"open {name}")
    await asyncio.sleep(0)
    try:
        yield name
    finally:
        log.append(f"close {name}")


class Lock:
    async def __aenter__(self):
        log.append("locked")

    async def __aexit__(self, *rest):
        log.append("unlocked")


async with connection("db") as db, Lock():
    log.append(db)
log
