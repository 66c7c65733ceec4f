# what: the integer square root of a huge number
# expect: TIMEOUT
# batch: computing
import math

n = int.from_bytes(bytes(range(256)) * 50000)
while True:
    math.isqrt(n)
