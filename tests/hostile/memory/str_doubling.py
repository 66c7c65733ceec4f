# what: a string is doubled
# expect: MEMORY_LIMIT_EXCEEDED
s = "x"
while True:
    s += s
