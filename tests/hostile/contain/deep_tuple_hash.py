# what: the hash of a tuple half a million levels deep
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
x = ()
for _ in range(500000):
    x = (x,)
hash(x)
