# what: half a million filters around an iterator, asked for one item
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
x = iter([1])
for _ in range(500000):
    x = filter(None, x)
next(x)
