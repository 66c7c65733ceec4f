# what: unpacking an endless iterator into a starred name
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: loops
first, *rest = iter(int, 1)
