# what: the greatest common divisor of two huge neighbours of Fibonacci kind
# expect: TIMEOUT
# batch: computing
import math

a, b = 3, 2
for _ in range(20):
    a, b = a * a + b * b, 2 * a * b - b * b
n = (1 << 3000000) // 7
math.gcd(n * a + 1, n * b + 3)
