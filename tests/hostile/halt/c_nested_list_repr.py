# what: repr of a list that shares itself sixty levels deep
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: iterators
t = [[]]
for _ in range(60):
    t = [t, t]
repr(t)
