# what: a million enumerates, dropped
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | MEMORY_LIMIT_EXCEEDED
x = iter([1])
for _ in range(1000000):
    x = enumerate(x)
del x
