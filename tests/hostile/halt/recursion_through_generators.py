# what: generators that start generators, caught and repeated
# expect: TIMEOUT
def g():
    yield from g()


while True:
    try:
        next(g())
    except RecursionError:
        pass
