# what: the harmonic series in exact fractions
# expect: TIMEOUT
# batch: computing
from fractions import Fraction

x = Fraction(0)
for i in range(1, 10**9):
    x += Fraction(1, i)
