# what: one multiplication of two huge numbers after another
# expect: TIMEOUT
# batch: computing
n = (1 << 4000000) - 1
while True:
    n * (n - 1)
