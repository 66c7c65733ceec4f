# what: tuples concatenated
# expect: MEMORY_LIMIT_EXCEEDED
t = (1, 2, 3)
while True:
    t = t + t
