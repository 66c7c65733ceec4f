# what: coroutines that await themselves, caught and repeated
# expect: TIMEOUT
async def f():
    await f()


while True:
    try:
        f().send(None)
    except RecursionError:
        pass
