# what: events and futures
import asyncio

loop = asyncio.get_running_loop()
event, future, log = asyncio.Event(), loop.create_future(), []


async def waiter(n):
    await event.wait()
    log.append(n)


tasks = [asyncio.create_task(waiter(n)) for n in range(3)]
loop.call_later(0.001, future.set_result, "ready")
log.append(await future)
event.set()
await asyncio.wait(tasks)
log
