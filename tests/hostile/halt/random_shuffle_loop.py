# what: the random module in a loop
# expect: TIMEOUT
# batch: computing
import random

xs = list(range(100000))
while True:
    random.shuffle(xs)
