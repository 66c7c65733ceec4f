# what: a string times ten thousand million
# expect: MEMORY_LIMIT_EXCEEDED
"x" * 10**10
