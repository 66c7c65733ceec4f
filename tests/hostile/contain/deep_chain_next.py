# what: a million chains around an iterator, asked for one item
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | MEMORY_LIMIT_EXCEEDED
import itertools

x = iter([1])
for _ in range(1000000):
    x = itertools.chain(x)
next(x)
