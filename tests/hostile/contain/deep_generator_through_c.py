# what: generators with map between them, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import sys

sys.setrecursionlimit(10**8)


def g(x):
    for y in x:
        yield y


x = iter([1])
for _ in range(100000):
    x = map(abs, g(x))
next(x)
