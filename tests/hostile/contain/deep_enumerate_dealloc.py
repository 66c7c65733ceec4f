# what: half a million enumerates, dropped
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
x = iter([1])
for _ in range(500000):
    x = enumerate(x)
del x
