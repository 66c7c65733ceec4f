# what: large calls that are begun together, so that none is sent before the last is there
# fewest: 2
import asyncio

many = {"numbers": list(range(50_000))}
while True:
    try:
        await asyncio.gather(*[acall_tool("ignore", many) for _ in range(20)])
    except BaseException:
        pass
