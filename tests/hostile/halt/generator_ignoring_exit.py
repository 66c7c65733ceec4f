# what: close() meets a generator that yields on
# expect: TIMEOUT
def g():
    while True:
        try:
            yield 1
        except GeneratorExit:
            while True:
                pass


x = g()
next(x)
x.close()
