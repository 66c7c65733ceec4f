# what: repr of a list half a million levels deep
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 1
x = []
for _ in range(500000):
    x = [x]
repr(x)
