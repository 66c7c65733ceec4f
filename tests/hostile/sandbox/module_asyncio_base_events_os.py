# what: reaches os as asyncio.base_events.os
import asyncio

os = asyncio.base_events.os
os.read(os.open(CANARY_PATH, 0), 100)
