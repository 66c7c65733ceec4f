# what: a dict of texts grows, MemoryError caught
# expect: MEMORY_LIMIT_EXCEEDED
d = {}
n = 0
while True:
    n += 1
    try:
        d[f"key number {n}"] = [n]
    except MemoryError:
        pass
