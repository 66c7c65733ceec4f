# what: the value is a generator that never ends
# expect: TIMEOUT | RESULT_NOT_SERIALIZABLE
def g():
    while True:
        yield 1


g()
