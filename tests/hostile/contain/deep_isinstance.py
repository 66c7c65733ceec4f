# what: isinstance with a tuple nested a hundred thousand levels
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
x = str
for _ in range(100000):
    x = (x, bytes)
isinstance(1, x)
