# what: reads the clock of a loop
# levels: STRICT
import asyncio

loop = asyncio.get_running_loop()
a = loop.time()
await asyncio.sleep(0.002)
{"escaped": loop.time() > a, "proof": "time"}
