# what: a text far over the output limit is made and printed
# expect: MEMORY_LIMIT_EXCEEDED
print("x" * 10**9)
