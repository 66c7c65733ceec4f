# title: "What is left after changing money five times?"
# kind: llm
from decimal import Decimal

route = ["EUR", "USD", "JPY", "GBP", "CHF", "EUR"]
amount, fee = Decimal("1000"), Decimal("0.015")
for have, want in zip(route, route[1:]):
    rate = call_tool("exchange_rate", {"from": have, "to": want})
    amount = round(amount * rate * (1 - fee), 2)
    print(f"{have} -> {want} at {rate:.4f}: {amount:,.2f}")
print(f"{1000 - amount} lost to fees and rounding")
return amount
