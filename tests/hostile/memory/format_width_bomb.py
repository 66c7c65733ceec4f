# what: format with a huge width
# expect: MEMORY_LIMIT_EXCEEDED
format(1, "2000000000d")
