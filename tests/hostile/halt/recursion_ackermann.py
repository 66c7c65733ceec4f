# what: Ackermann's function under a high limit
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
import sys

sys.setrecursionlimit(10**6)


def ack(m, n):
    return n + 1 if m == 0 else ack(m - 1, 1 if n == 0 else ack(m, n - 1))


ack(3, 14)
