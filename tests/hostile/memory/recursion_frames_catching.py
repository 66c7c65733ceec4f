# what: recursion under a high limit, everything caught on every level
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 1
import sys

sys.setrecursionlimit(10**8)


def f(n):
    a = b = c = d = e = n
    try:
        f(n + 1)
    except BaseException:
        pass


while True:
    f(0)
