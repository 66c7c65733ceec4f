# what: asynchronous generators and comprehensions
import asyncio


async def ticks(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


squares = [i * i async for i in ticks(5) if i % 2 == 0]
total = 0
async for i in ticks(4):
    total += i
return {"squares": squares, "total": total}
