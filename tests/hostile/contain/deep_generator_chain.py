# what: generators around generators, the recursion limit lifted, asked for one item
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import sys

sys.setrecursionlimit(10**8)


def g(x):
    yield from x


x = iter([1])
for _ in range(100000):
    x = g(x)
next(x)
