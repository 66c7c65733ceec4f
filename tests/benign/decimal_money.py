# what: exact sums of money
# strict: yes
from decimal import Decimal, ROUND_HALF_UP, ROUND_DOWN, getcontext, localcontext

prices = ["19.99", "5.01", "0.10"]
total = sum(map(Decimal, prices), Decimal(0))
tax = (total * Decimal("0.19")).quantize(Decimal("0.01"), ROUND_HALF_UP)
with localcontext() as c:
    c.prec = 30
    third = Decimal(1) / 3
print(total, tax, third, Decimal("2.675").quantize(Decimal(".01"), ROUND_DOWN))
(total + tax, Decimal("1E+3").normalize(), getcontext().prec)
