# what: a million dicts, each with its own table
# expect: MEMORY_LIMIT_EXCEEDED
d = {}
for i in range(10**7):
    d[i] = {j: j for j in range(10)}
