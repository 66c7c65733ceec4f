# what: one call more under way than allowed
import asyncio

await asyncio.gather(*[acall_tool("add", {"a": 1, "b": n}) for n in range(21)])
