# what: the tower of numbers
# strict: yes
import numbers
from fractions import Fraction
from decimal import Decimal

[(type(x).__name__, isinstance(x, numbers.Rational), isinstance(x, numbers.Real)) for x in (1, True, 0.5, Fraction(1, 2), Decimal(1), 1j)]
