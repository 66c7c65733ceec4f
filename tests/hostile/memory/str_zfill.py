# what: zfill to a huge width
# expect: MEMORY_LIMIT_EXCEEDED
"1".zfill(2**33)
