# what: errors of several coroutines
import asyncio


async def fail(n):
    await asyncio.sleep(0)
    if n % 2:
        raise ValueError(n)
    return n


results = await asyncio.gather(*map(fail, range(4)), return_exceptions=True)
[r if isinstance(r, int) else repr(r) for r in results]
