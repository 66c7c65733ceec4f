# what: a suspended generator with an endless finally is left at the program's end
# expect: SUCCESS | TIMEOUT
def g():
    try:
        yield 1
    finally:
        while True:
            pass


x = g()
next(x)
1
