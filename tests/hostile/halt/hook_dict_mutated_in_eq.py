# what: __eq__ changes the dict while it is searched, so that the search starts again for ever
# expect: TIMEOUT
# batch: hooks
class K:
    def __hash__(self):
        return 7

    def __eq__(self, other):
        d.clear()
        d[K()] = None
        return False


d = {K(): None}
K() in d
