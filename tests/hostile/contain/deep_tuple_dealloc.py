# what: a tuple half a million levels deep is dropped
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
x = ()
for _ in range(500000):
    x = (x,)
del x
