# what: results as they come
import asyncio

turns = [asyncio.Event() for _ in range(4)]
turns[1].set()


async def job(n):
    await turns[n].wait()
    if n < 3:
        asyncio.get_running_loop().call_soon(turns[n + 1].set)
    return n


[await f for f in asyncio.as_completed([job(3), job(1), job(2)])]
