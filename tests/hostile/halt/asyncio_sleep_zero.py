# what: yields to the loop for ever
# expect: TIMEOUT
# timeout: 0.4
import asyncio


async def main():
    while True:
        await asyncio.sleep(0)


asyncio.run(main())
