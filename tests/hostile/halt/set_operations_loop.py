# what: large sets joined and cut for ever
# expect: TIMEOUT
# batch: computing
a, b = set(range(0, 400000, 2)), set(range(0, 400000, 3))
while True:
    a & b | a ^ b - a
