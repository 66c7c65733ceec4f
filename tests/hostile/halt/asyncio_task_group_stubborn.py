# what: a TaskGroup whose tasks refuse to go
# expect: TIMEOUT
# timeout: 0.4
import asyncio


async def stubborn():
    while True:
        try:
            await asyncio.sleep(0.001)
        except BaseException:
            pass


async def fail():
    raise ValueError


async def main():
    async with asyncio.TaskGroup() as g:
        g.create_task(stubborn())
        g.create_task(fail())


asyncio.run(main())
