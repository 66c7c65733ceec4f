# what: the hash of a tuple a million levels deep
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | MEMORY_LIMIT_EXCEEDED
x = ()
for _ in range(1000000):
    x = (x,)
hash(x)
