# what: derived fields and checks
# strict: yes
from dataclasses import dataclass, field, KW_ONLY, InitVar


@dataclass
class Order:
    quantity: int
    unit_price: float
    _: KW_ONLY
    discount: float = 0.0
    rate: InitVar[float] = 0.2
    total: float = field(init=False, repr=False)

    def __post_init__(self, rate):
        if self.quantity < 1:
            raise ValueError("empty order")
        self.total = round(self.quantity * self.unit_price * (1 - self.discount) * (1 + rate), 2)


print(Order(3, 9.99, discount=0.1))
try:
    Order(0, 1)
except ValueError as e:
    print(e)
Order(3, 9.99, discount=0.1).total
