# what: tools side by side
import asyncio

found = await asyncio.gather(*(acall_tool("add", {"a": n, "b": n}) for n in range(4)))
sum(found)
