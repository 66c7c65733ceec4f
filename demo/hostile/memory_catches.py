# title: Takes memory and catches every MemoryError
# kind: memory
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 5
hoard = []
while True:
    try:
        while True:
            hoard.append([0] * 100_000)
    except MemoryError:
        hoard.append("not enough")
