# what: a dict grows key by key
# expect: MEMORY_LIMIT_EXCEEDED
d = {}
n = 0
while True:
    d[n] = n
    n += 1
