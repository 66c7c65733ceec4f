# what: waits in the selector for a week
# expect: TIMEOUT
# timeout: 0.4
import asyncio

asyncio.run(asyncio.sleep(604800))
