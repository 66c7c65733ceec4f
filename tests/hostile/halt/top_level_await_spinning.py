# what: a coroutine awaited at the top level never yields
# expect: TIMEOUT
# batch: loops
async def spin():
    while True:
        pass


await spin()
