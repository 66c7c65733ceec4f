# title: A double-entry ledger rebuilt from its events
# kind: tenant
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Posted:
    debit: str
    credit: str
    amount: Decimal


@dataclass(frozen=True)
class Reversed:
    index: int


events = [
    Posted("cash", "equity", Decimal("5000")),
    Posted("stock", "cash", Decimal("1240.50")),
    Posted("cash", "sales", Decimal("310.00")),
    Posted("cost", "stock", Decimal("180.25")),
    Reversed(2),
    Posted("cash", "sales", Decimal("301.00")),
]
balance = defaultdict(Decimal)
for event in events:
    match event:
        case Posted(debit, credit, amount):
            balance[debit] += amount
            balance[credit] -= amount
        case Reversed(index):
            undone = events[index]
            balance[undone.debit] -= undone.amount
            balance[undone.credit] += undone.amount
    print(f"{type(event).__name__:9} cash {balance['cash']:>9}")
assert sum(balance.values()) == 0
dict(sorted(balance.items()))
