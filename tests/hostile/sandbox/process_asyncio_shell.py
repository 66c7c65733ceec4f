# what: runs a command with asyncio
import asyncio

process = await asyncio.create_subprocess_shell("cat " + CANARY_PATH, stdout=asyncio.subprocess.PIPE)
await process.communicate()
