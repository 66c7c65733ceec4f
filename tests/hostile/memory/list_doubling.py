# what: a list is doubled
# expect: MEMORY_LIMIT_EXCEEDED
xs = [0]
while True:
    xs += xs
