# what: asyncio.run cancels a left task, which does not end
# expect: TIMEOUT
# timeout: 0.4
import asyncio


async def stubborn():
    while True:
        try:
            await asyncio.sleep(3600)
        except BaseException:
            pass


async def main():
    asyncio.create_task(stubborn())
    await asyncio.sleep(0)


asyncio.run(main())
