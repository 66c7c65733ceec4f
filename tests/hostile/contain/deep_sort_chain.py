# what: sorts inside key functions of sorts, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
import sys

sys.setrecursionlimit(10**8)


def key(x):
    return sorted([x], key=key)


key(1)
