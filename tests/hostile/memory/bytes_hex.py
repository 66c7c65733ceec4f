# what: the hexadecimal text of a block, kept
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
while True:
    kept.append(bytes(1000000).hex(":"))
