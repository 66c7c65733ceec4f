# what: tasks and async generators are left suspended with looping finally clauses
# expect: SUCCESS | TIMEOUT
# timeout: 0.4
import asyncio


async def g():
    try:
        yield 1
    finally:
        while True:
            pass


async def waits():
    try:
        await asyncio.sleep(3600)
    finally:
        while True:
            pass


loop = asyncio.new_event_loop()
a = g()
t = loop.create_task(waits())
loop.call_soon(loop.stop)
loop.run_forever()
loop.run_until_complete(a.__anext__())
1
