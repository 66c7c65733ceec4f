# what: a hundred thousand keys of one hash
# expect: TIMEOUT
# batch: hooks
class K:
    def __hash__(self):
        return 42


d = {}
while True:
    d[K()] = None
