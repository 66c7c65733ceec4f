# what: views over blocks that are kept by them alone
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
while True:
    kept.append(memoryview(bytearray(100000)).cast("B", (100, 1000)).cast("B").cast("H"))
