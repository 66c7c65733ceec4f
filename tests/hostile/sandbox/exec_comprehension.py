# what: calls in a comprehension of asynchronous values
async def path():
    yield CANARY_PATH


[open(p).read() async for p in path()]
