# what: reaches os as asyncio.coroutines.os
import asyncio

os = asyncio.coroutines.os
os.read(os.open(CANARY_PATH, 0), 100)
