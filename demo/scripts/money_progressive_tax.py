# title: Progressive tax by bands, with the marginal rate
# kind: user
from decimal import Decimal
from itertools import pairwise

BANDS = [(0, "0"), (11_604, "0.14"), (17_005, "0.24"), (66_760, "0.42"), (277_825, "0.45")]


def tax(income):
    owed, marginal = Decimal(0), Decimal(0)
    for (low, rate), (high, _) in pairwise([*BANDS, (10**9, "0")]):
        if income > low:
            owed += (min(income, high) - low) * Decimal(rate)
            marginal = Decimal(rate)
    return owed.quantize(Decimal("1")), marginal


table = {income: tax(income) for income in range(10_000, 310_000, 50_000)}
for income, (owed, marginal) in table.items():
    print(f"{income:>9,} {owed:>9,} {owed / income:7.2%} {marginal:5.0%}")
table
