# what: an asyncio queue without a bound, everything caught
# expect: MEMORY_LIMIT_EXCEEDED
import asyncio


async def main():
    q = asyncio.Queue()
    while True:
        try:
            await q.put(bytes(1000))
        except BaseException:
            pass


asyncio.run(main())
