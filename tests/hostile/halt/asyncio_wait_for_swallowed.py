# what: wait_for over a coroutine that does not honour its time-out
# expect: TIMEOUT
# timeout: 0.4
import asyncio


async def stubborn():
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass


asyncio.run(asyncio.wait_for(stubborn(), 0.001))
