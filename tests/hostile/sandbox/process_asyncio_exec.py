# what: starts a process with asyncio
import asyncio

process = await asyncio.create_subprocess_exec("cat", CANARY_PATH, stdout=asyncio.subprocess.PIPE)
await process.communicate()
