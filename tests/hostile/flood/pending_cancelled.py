# what: calls that are cancelled as soon as they are sent, to have more of them under way
import asyncio

while True:
    task = asyncio.ensure_future(acall_tool("wait", {}))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
