# what: an event loop with pending tasks and an open async generator stays
# batch: stains
import asyncio
import sys


async def stain_task():
    await asyncio.sleep(3600)


async def stain_agen():
    try:
        yield 1
    finally:
        sys.stain_ran = True


loop = sys.stain_loop = asyncio.new_event_loop()
sys.stain_tasks = [loop.create_task(stain_task()) for _ in range(3)]
sys.stain_agen = stain_agen()
loop.run_until_complete(sys.stain_agen.__anext__())
# --- verify ---
import asyncio
import gc
import sys

tasks = [o for o in gc.get_objects() if isinstance(o, asyncio.Task) and not o.done()]
not [t for t in tasks if "stain" in repr(t)] and not hasattr(sys, "stain_loop")
