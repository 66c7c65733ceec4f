# what: a closed loop is said to be running
# batch: stains
import asyncio

loop = asyncio.new_event_loop()
loop.close()
asyncio._set_running_loop(loop)
# --- verify ---
import asyncio

running = asyncio._get_running_loop()
running is None or not running.is_closed()
