# what: the power set of thirty things
# expect: MEMORY_LIMIT_EXCEEDED
s = [frozenset()]
for i in range(30):
    s += [x | {i} for x in s]
