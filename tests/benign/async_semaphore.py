# what: a limit on how many run at once
import asyncio

running = most = 0
limit = asyncio.Semaphore(2)


async def job(i):
    global running, most
    async with limit:
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
    return i


results = await asyncio.gather(*(job(i) for i in range(7)))
(results, most)
