# what: a power of two with a thousand million bits
# expect: MEMORY_LIMIT_EXCEEDED
2 ** (1 << 33)
