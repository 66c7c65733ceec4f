# what: floating point in a loop
# expect: TIMEOUT
# batch: computing
import math

x = 0.5
while True:
    x = math.sin(x) + math.exp(-x)
