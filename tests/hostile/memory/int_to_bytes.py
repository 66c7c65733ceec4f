# what: an int written into a huge block
# expect: MEMORY_LIMIT_EXCEEDED
(5).to_bytes(10**10, "big")
