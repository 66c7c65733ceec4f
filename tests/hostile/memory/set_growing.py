# what: a set grows
# expect: MEMORY_LIMIT_EXCEEDED
s = set()
n = 0
while True:
    s.add(n)
    n += 1
