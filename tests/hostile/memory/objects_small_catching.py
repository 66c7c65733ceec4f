# what: many floats, everything caught
# expect: MEMORY_LIMIT_EXCEEDED
xs = []
x = 0.5
while True:
    try:
        while True:
            x += 1
            xs.append(x)
    except BaseException:
        pass
