# what: a comprehension of lists, everything caught and tried again
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
while True:
    try:
        kept.append([bytes(1000) for _ in range(100000)])
    except BaseException:
        continue
