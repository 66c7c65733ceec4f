# what: one tab with a width of two thousand million
# expect: MEMORY_LIMIT_EXCEEDED
"\t".expandtabs(2**31 - 1)
