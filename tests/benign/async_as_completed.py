# what: results as they come
import asyncio


async def job(n):
    await asyncio.sleep(n * 0.004)
    return n


[await f for f in asyncio.as_completed([job(3), job(1), job(2)])]
