# what: producer and consumers
import asyncio


async def main():
    queue = asyncio.Queue(2)
    out = []

    async def produce():
        for i in range(6):
            await queue.put(i)
        await queue.put(None)

    async def consume():
        while (item := await queue.get()) is not None:
            out.append(item * 10)

    await asyncio.gather(produce(), consume())
    return out


asyncio.run(main())
