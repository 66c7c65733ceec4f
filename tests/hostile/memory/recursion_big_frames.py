# what: frames with large lists in their locals
# expect: MEMORY_LIMIT_EXCEEDED
import sys

sys.setrecursionlimit(10**6)


def f(n):
    xs = list(range(100 * n, 100 * n + 100))
    return f(n + 1) + xs


f(0)
