# what: 10**10**9
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: computing
10**10**9
