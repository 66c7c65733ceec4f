# title: An invoice with discounts, tax per rate and cents that add up
# kind: tenant
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
lines = [
    ("Licence, team", 3, "119.00", "0.19"),
    ("Support hours", "7.5", "84.90", "0.19"),
    ("Printed manual", 12, "24.95", "0.07"),
    ("Stamps", 1, "0.85", "0"),
]
net, taxes = Decimal(0), defaultdict(Decimal)
for text, quantity, price, rate in lines:
    amount = (Decimal(quantity) * Decimal(price)).quantize(CENT, ROUND_HALF_UP)
    if amount > 300:
        amount -= (amount * Decimal("0.05")).quantize(CENT, ROUND_HALF_EVEN)
    net += amount
    taxes[Decimal(rate)] += amount
    print(f"{text:16} {quantity!s:>5} x {price:>7} = {amount:>9,.2f}")
due = {rate: (base * rate).quantize(CENT, ROUND_HALF_UP) for rate, base in sorted(taxes.items())}
total = net + sum(due.values())
print(f"{'total':>26} = {total:>15,.2f}")
return {"net": net, "tax": due, "total": total}
