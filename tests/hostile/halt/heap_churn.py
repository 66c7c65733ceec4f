# what: objects of all sizes made and dropped
# expect: TIMEOUT
# batch: computing
import random

keep = [None] * 10000
while True:
    keep[random.randrange(10000)] = bytes(random.randrange(2000))
