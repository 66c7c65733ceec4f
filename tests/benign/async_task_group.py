# what: a group of tasks
import asyncio

log = []


async def work(n):
    for i in range(n):
        await asyncio.sleep(0)
        log.append((n, i))
    return n * n


async with asyncio.TaskGroup() as group:
    tasks = [group.create_task(work(n)) for n in (1, 2, 3)]
(log, [t.result() for t in tasks])
