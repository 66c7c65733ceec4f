# what: an async comprehension that keeps nothing
# expect: TIMEOUT
async def g():
    while True:
        yield 0


[x async for x in g() if x]
