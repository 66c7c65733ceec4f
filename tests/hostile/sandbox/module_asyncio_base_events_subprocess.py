# what: reaches subprocess as asyncio.base_events.subprocess
import asyncio

asyncio.base_events.subprocess.check_output(["cat", CANARY_PATH])
