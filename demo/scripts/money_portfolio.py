# title: A portfolio valued in euros, with rates asked of the host
# kind: llm
from decimal import ROUND_HALF_EVEN, Decimal

holdings = {"USD": "1250.00", "GBP": "310.40", "JPY": "88000", "CHF": "75.25", "EUR": "42"}
values = {}
for currency, amount in holdings.items():
    rate = call_tool("exchange_rate", {"from": currency, "to": "EUR"})
    values[currency] = (Decimal(amount) * rate).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    print(f"{amount:>10} {currency} = {values[currency]:>10} EUR")
total = sum(values.values())
shares = {currency: round(float(100 * value / total), 4) for currency, value in values.items()}
print("total", total)
return {"values": values, "total": total, "shares": shares}
