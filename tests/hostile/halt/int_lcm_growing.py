# what: lcm of ever more numbers
# expect: TIMEOUT
# batch: computing
import math

n = 1
for i in range(1, 10**9):
    n = math.lcm(n, i) % ((1 << 100000) - 1) or 1
