# what: thousands of ints of a megabit
# expect: MEMORY_LIMIT_EXCEEDED
xs = [1 << 1000000]
while True:
    xs.append(xs[-1] + 1)
