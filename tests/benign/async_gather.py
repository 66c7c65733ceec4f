# what: coroutines side by side
import asyncio


async def fetch(name, delay):
    await asyncio.sleep(delay)
    return name.upper()


await asyncio.gather(fetch("a", 0.003), fetch("b", 0.001), fetch("c", 0))
