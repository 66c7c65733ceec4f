# what: bisect with a key that loops
# expect: TIMEOUT
# batch: hooks
import bisect


def key(x):
    while True:
        pass


bisect.bisect([1, 2, 3], 2, key=key)
