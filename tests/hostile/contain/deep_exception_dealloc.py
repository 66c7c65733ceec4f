# what: a chain of a million exceptions is dropped
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | MEMORY_LIMIT_EXCEEDED
x = None
for _ in range(500000):
    x = ValueError(x)
del x
