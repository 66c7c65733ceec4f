# what: slices of the list put into itself
# expect: MEMORY_LIMIT_EXCEEDED
xs = list(range(100))
while True:
    xs[10:20] = xs
