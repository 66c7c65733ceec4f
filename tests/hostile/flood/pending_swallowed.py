# what: tasks that call and swallow every exception, cancellation included
import asyncio


async def call():
    while True:
        try:
            await acall_tool("add", {"a": 1, "b": 2})
        except BaseException:
            pass


await asyncio.gather(*[call() for _ in range(10)])
