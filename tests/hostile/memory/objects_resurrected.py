# what: __del__ that keeps what should go, twice each
# expect: MEMORY_LIMIT_EXCEEDED
kept = []


class D:
    def __del__(self):
        kept.append(D2())


class D2:
    def __init__(self):
        self.data = bytes(1000)


while True:
    D()
