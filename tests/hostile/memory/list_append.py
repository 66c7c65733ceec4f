# what: a list grows item by item
# expect: MEMORY_LIMIT_EXCEEDED
xs = []
while True:
    xs.append(xs)
