# title: A list of ever more megabytes
# kind: memory
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 5
hoard = []
while True:
    hoard.append(bytearray(1 << 20))
