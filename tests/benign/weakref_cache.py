# what: a cache of weak references
import weakref


class Big:
    def __init__(self, n):
        self.n = n


cache = weakref.WeakValueDictionary()
kept = Big(1)
cache["a"] = kept
cache["b"] = Big(2)
ref = weakref.ref(kept)
alive = sorted(cache)
del kept
(alive, list(cache), ref() is None)
