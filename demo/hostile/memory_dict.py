# title: A dict that grows without end
# kind: memory
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 8
table, n = {}, 0
while True:
    table[n] = (n, str(n) * 8)
    n += 1
