# what: list(range(10**9))
# expect: MEMORY_LIMIT_EXCEEDED
list(range(10**9))
