# what: reaches sys as asyncio.events.sys
import asyncio

posix = asyncio.events.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
