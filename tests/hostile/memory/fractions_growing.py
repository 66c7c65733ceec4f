# what: fractions whose terms grow without an end
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
from fractions import Fraction

kept = []
n = 1 << 100000
while True:
    n += 2
    kept.append(Fraction(n, 1 << 10000))
