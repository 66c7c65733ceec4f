# what: the loop's task factory never returns
# expect: TIMEOUT
# timeout: 0.4
import asyncio


def factory(loop, coro, **k):
    while True:
        pass


async def main():
    asyncio.get_running_loop().set_task_factory(factory)
    asyncio.ensure_future(main())


asyncio.run(main())
