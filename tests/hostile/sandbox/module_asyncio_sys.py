# what: reaches sys as asyncio.sys
import asyncio

posix = asyncio.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
