# what: a percent format with a width from the arguments
# expect: MEMORY_LIMIT_EXCEEDED
"%*d" % (2**31 - 2, 1)
