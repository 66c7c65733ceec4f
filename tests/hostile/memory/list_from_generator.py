# what: an endless generator collected into a list
# expect: MEMORY_LIMIT_EXCEEDED
def g():
    n = 0
    while True:
        yield n
        n += 1


list(g())
