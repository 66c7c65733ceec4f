# what: the thread's event loop is one of the guest's
# batch: stains
import asyncio

loop = asyncio.new_event_loop()
loop.stained = True
asyncio.set_event_loop(loop)
# --- verify ---
import asyncio
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:
        loop = None
stained = hasattr(loop, "stained")
if loop and not stained:
    loop.close()
    asyncio.set_event_loop(None)
not stained
