# what: a task that answers cancellation by going on
# expect: TIMEOUT
# timeout: 0.4
import asyncio


async def stubborn():
    while True:
        try:
            await asyncio.sleep(0.001)
        except asyncio.CancelledError:
            pass


async def main():
    t = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    t.cancel()
    await t


asyncio.run(main())
