# what: a list that grows as fast as it is read
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: loops
xs = [0]
for x in xs:
    xs.append(x)
