# what: half a million maps around an iterator, asked for one item
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
x = iter([1])
for _ in range(500000):
    x = map(abs, x)
next(x)
