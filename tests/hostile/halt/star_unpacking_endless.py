# what: unpacking an endless iterator into a starred name
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
first, *rest = iter(int, 1)
