# what: a task that is cancelled
import asyncio

log = []


async def worker():
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    finally:
        log.append("cleaned up")


task = asyncio.create_task(worker())
await asyncio.sleep(0)
task.cancel()
try:
    await task
except asyncio.CancelledError:
    log.append(task.cancelled())
log
