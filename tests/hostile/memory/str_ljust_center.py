# what: ljust and center to huge widths
# expect: MEMORY_LIMIT_EXCEEDED
"x".ljust(2**32) + "x".center(2**32)
