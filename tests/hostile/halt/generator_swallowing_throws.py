# what: throw() into a generator that swallows all
# expect: TIMEOUT
def g():
    while True:
        try:
            yield
        except BaseException:
            pass


x = g()
next(x)
while True:
    x.throw(KeyboardInterrupt)
