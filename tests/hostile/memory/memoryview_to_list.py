# what: a view turned into lists, kept
# expect: MEMORY_LIMIT_EXCEEDED
v = memoryview(bytes(1000000))
kept = []
while True:
    kept.append(v.tolist())
