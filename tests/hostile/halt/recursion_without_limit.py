# what: the recursion limit lifted, Python calls for ever
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
import sys

sys.setrecursionlimit(2**31 - 1)


def f():
    f()


f()
