# what: a bytearray grows in place, MemoryError caught
# expect: MEMORY_LIMIT_EXCEEDED
b = bytearray(1000)
while True:
    try:
        b.extend(bytes(b))
    except MemoryError:
        b.append(1)
