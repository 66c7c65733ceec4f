# what: __del__ loops while a slice of the list is replaced
# expect: TIMEOUT
class D:
    def __del__(self):
        while True:
            pass


xs = [D() for _ in range(10)]
xs[:] = range(100)
