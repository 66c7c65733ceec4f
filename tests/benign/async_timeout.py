# what: a timeout
import asyncio


async def slow():
    await asyncio.sleep(30)


try:
    async with asyncio.timeout(0.005):
        await slow()
except TimeoutError:
    print("too slow")
try:
    await asyncio.wait_for(slow(), 0.005)
except TimeoutError:
    result = "again"
result
