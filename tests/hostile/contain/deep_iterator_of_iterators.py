# what: iter over callables nested through partial
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import functools

x = None
for _ in range(300000):
    x = iter(functools.partial(next, x, 1), 0)
next(x)
