# what: aborts in a task beside others
# expect: WORKER_CRASHED
import asyncio
import os


async def sleeps():
    await asyncio.sleep(10)


async def main():
    kept = [asyncio.create_task(sleeps()) for _ in range(10)]
    await asyncio.sleep(0.001)
    os.abort()


asyncio.run(main())
