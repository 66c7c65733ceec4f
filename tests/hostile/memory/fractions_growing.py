# what: fractions whose terms grow without an end
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 1
from fractions import Fraction

kept = []
n = 1 << 50000
while True:
    n += 2
    kept.append(Fraction(n))
