# what: reaches io as asyncio.unix_events.io
import asyncio

asyncio.unix_events.io.open(CANARY_PATH).read()
