# what: cmp_to_key with a comparison that always calls for more
# expect: TIMEOUT
# batch: hooks
import functools


def cmp(a, b):
    while a:
        a, b = b, a


sorted([1, 2], key=functools.cmp_to_key(cmp))
