# what: a power of two with a thousand million bits
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 1
2 ** (1 << 33)
