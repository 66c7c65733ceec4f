# what: a tuple a million levels deep is dropped
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | MEMORY_LIMIT_EXCEEDED
x = ()
for _ in range(1000000):
    x = (x,)
del x
