# what: repr and hash of a type alias a hundred thousand levels deep
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
x = int
for _ in range(100000):
    x = list[x]
hash(x)
repr(x)
