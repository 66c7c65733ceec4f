# what: a suspended generator dropped with an endless finally
# expect: TIMEOUT
def g():
    try:
        yield 1
    finally:
        while True:
            pass


x = g()
next(x)
del x
