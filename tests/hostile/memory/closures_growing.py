# what: closures that hold closures
# expect: MEMORY_LIMIT_EXCEEDED
def make(f):
    data = [0] * 100

    def g():
        return f, data

    return g


f = None
while True:
    f = make(f)
