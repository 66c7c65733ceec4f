# what: a chain of a hundred thousand causes
# expect: TIMEOUT | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
e = None
for i in range(100000):
    n = ValueError(i)
    n.__context__ = e
    e = n
raise e
