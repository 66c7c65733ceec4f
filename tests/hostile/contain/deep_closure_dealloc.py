# what: half a million closures around each other are dropped
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
def wrap(f):
    return lambda: f


x = None
for _ in range(500000):
    x = wrap(x)
del x
