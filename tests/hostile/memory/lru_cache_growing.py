# what: a cache without a bound
# expect: MEMORY_LIMIT_EXCEEDED
import functools


@functools.lru_cache(maxsize=None)
def f(n):
    return [n] * 10


n = 0
while True:
    n += 1
    f(n)
