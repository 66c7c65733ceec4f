# what: many coroutines, suspended
# expect: MEMORY_LIMIT_EXCEEDED
import types


@types.coroutine
def pause():
    yield


async def f():
    xs = [0] * 100
    await pause()


kept = []
while True:
    c = f()
    c.send(None)
    kept.append(c)
