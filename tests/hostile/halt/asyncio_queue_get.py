# what: gets from an empty asyncio queue, catching all
# expect: TIMEOUT
# timeout: 0.4
import asyncio


async def main():
    q = asyncio.Queue()
    while True:
        try:
            await q.get()
        except BaseException:
            pass


asyncio.run(main())
