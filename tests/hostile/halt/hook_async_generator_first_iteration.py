# what: the first-iteration hook of async generators loops
# expect: TIMEOUT
# batch: hooks
import sys


def spin(g):
    while True:
        pass


async def g():
    yield 1


sys.set_asyncgen_hooks(firstiter=spin)
g().__anext__()
