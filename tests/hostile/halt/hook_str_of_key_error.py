# what: str() of a KeyError calls the key's repr, which loops
# expect: TIMEOUT
# batch: hooks
class K:
    def __repr__(self):
        while True:
            pass


str(KeyError(K()))
