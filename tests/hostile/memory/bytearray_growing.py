# what: a bytearray grows in place
# expect: MEMORY_LIMIT_EXCEEDED
b = bytearray(b"x")
while True:
    b += bytes(b)
