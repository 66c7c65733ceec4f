# what: a large list sorted again and again
# expect: TIMEOUT
# batch: iterators
import random

xs = [random.random() for _ in range(300000)]
while True:
    ys = xs[:]
    ys.sort()
