# what: the key of an lru_cache loops when hashed
# expect: TIMEOUT
# batch: hooks
import functools


class K:
    def __hash__(self):
        while True:
            pass


@functools.lru_cache
def f(x):
    return x


f(K())
