# what: an event loop with nothing to do
# expect: TIMEOUT
# timeout: 0.4
import asyncio

asyncio.new_event_loop().run_forever()
