# what: one bytearray after another, each kept
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
while True:
    kept.append(bytearray(65536))
