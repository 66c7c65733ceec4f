# what: gather over tasks that swallow cancellation
# expect: TIMEOUT
# timeout: 0.4
import asyncio


async def stubborn(n):
    while True:
        try:
            await asyncio.sleep(0)
        except BaseException:
            pass


async def main():
    await asyncio.gather(*(stubborn(n) for n in range(50)))


asyncio.run(main())
