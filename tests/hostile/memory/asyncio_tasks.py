# what: an event loop with ever more tasks
# expect: MEMORY_LIMIT_EXCEEDED
import asyncio


async def wait(data):
    await asyncio.sleep(3600)


async def main():
    kept = []
    while True:
        kept.append(asyncio.create_task(wait(bytes(3000))))
        if len(kept) % 100 == 0:
            await asyncio.sleep(0)


asyncio.run(main())
