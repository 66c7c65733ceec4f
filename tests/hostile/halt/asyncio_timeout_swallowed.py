# what: asyncio.timeout with a body that catches its cancellation
# expect: TIMEOUT
# timeout: 0.4
import asyncio


async def main():
    while True:
        try:
            async with asyncio.timeout(0.001):
                while True:
                    try:
                        await asyncio.sleep(3600)
                    except asyncio.CancelledError:
                        pass
        except TimeoutError:
            pass


asyncio.run(main())
