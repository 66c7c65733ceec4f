# what: aclose() meets an async generator that spins
# expect: TIMEOUT
async def g():
    try:
        yield 1
    finally:
        while True:
            pass


x = g()
async for _ in x:
    break
await x.aclose()
