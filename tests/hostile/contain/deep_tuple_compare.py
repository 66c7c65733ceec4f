# what: two tuples half a million levels deep are compared
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
x = (1,)
for _ in range(500000):
    x = (x,)
y = (2,)
for _ in range(500000):
    y = (y,)
x == y
