# what: yield from a generator that yields from an endless one
# expect: TIMEOUT
# batch: loops
def inner():
    while True:
        yield 0


def middle():
    yield from inner()


def outer():
    yield from middle()


for _ in outer():
    pass
