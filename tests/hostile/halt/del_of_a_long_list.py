# what: a list of ten thousand objects, each with a slow __del__
# expect: TIMEOUT
class D:
    def __del__(self):
        for _ in range(10**9):
            pass


xs = [D() for _ in range(10000)]
xs.clear()
