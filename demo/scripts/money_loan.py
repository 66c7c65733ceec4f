# title: A loan's schedule of payments to the last cent
# kind: tenant
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

CENT = Decimal("0.01")
principal, yearly, months = Decimal("18500"), Decimal("0.0435"), 48
with localcontext() as context:
    context.prec = 40
    rate = yearly / 12
    payment = (principal * rate / (1 - (1 + rate) ** -months)).quantize(CENT, ROUND_HALF_UP)
left, interest_total, rows = principal, Decimal(0), []
for number in range(1, months + 1):
    interest = (left * rate).quantize(CENT, ROUND_HALF_UP)
    due = min(payment, left + interest) if number < months else left + interest
    left += interest - due
    interest_total += interest
    rows.append((date(2024 + (number - 1) // 12, (number - 1) % 12 + 1, 28), due, interest, left))
for row in rows[:3] + rows[-2:]:
    print(f"{row[0]:%Y-%m}  {row[1]:>9}  {row[2]:>7}  {row[3]:>10}")
assert left == 0
{"payment": payment, "interest": interest_total, "last": rows[-1]}
