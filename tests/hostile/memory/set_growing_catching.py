# what: a set of tuples grows, everything caught
# expect: MEMORY_LIMIT_EXCEEDED
s = set()
n = 0
while True:
    n += 1
    try:
        s.add((n, str(n)))
    except BaseException:
        s.add(0)
