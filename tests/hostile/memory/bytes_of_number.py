# what: bytes(n)
# expect: MEMORY_LIMIT_EXCEEDED
bytes(10**10)
