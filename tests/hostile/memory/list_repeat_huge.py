# what: a list of a thousand million items in one step
# expect: MEMORY_LIMIT_EXCEEDED
[0] * 10**9
