# what: 1 << 10**10
# expect: MEMORY_LIMIT_EXCEEDED
1 << 10**10
