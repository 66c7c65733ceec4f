# what: repr of a list that shares itself sixty levels deep
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
t = [[]]
for _ in range(60):
    t = [t, t]
repr(t)
