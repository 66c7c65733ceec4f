# what: every second block of many sizes is given back, and the rest kept
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
n = 0
while True:
    xs = [bytes(n % 3000 + 1) for n in range(20000)]
    kept.append(xs[::2])
