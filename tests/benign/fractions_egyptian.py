# what: fractions
from fractions import Fraction


def egyptian(f):
    parts = []
    while f:
        n = -(-f.denominator // f.numerator)
        parts.append(n)
        f -= Fraction(1, n)
    return parts


print(Fraction("0.125") + Fraction(3, 4), Fraction(3.5).limit_denominator(10))
egyptian(Fraction(7, 15))
