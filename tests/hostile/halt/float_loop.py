# what: floating point in a loop
# expect: TIMEOUT
import math

x = 0.5
while True:
    x = math.sin(x) + math.exp(-x)
