# what: join of a thousand references to one megabyte
# expect: MEMORY_LIMIT_EXCEEDED
"".join(["x" * 1000000] * 1000)
