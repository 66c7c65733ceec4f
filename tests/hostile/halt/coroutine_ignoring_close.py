# what: close() meets a coroutine that does not end
# expect: TIMEOUT
import types


@types.coroutine
def pause():
    yield


async def stubborn():
    try:
        await pause()
    finally:
        while True:
            pass


c = stubborn()
c.send(None)
c.close()
