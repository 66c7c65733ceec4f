# what: a float with a thousand million digits
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
"%.1000000000f" % 1e300
