# what: a shop's stock by days
# strict: yes
from dataclasses import dataclass, field
import random


@dataclass
class Shop:
    stock: int = 20
    log: list = field(default_factory=list)

    def day(self, demand):
        sold = min(demand, self.stock)
        self.stock -= sold
        if self.stock < 5:
            self.stock += 15
            self.log.append("order")
        return sold


rng = random.Random(1)
shop = Shop()
sold = [shop.day(rng.randint(0, 8)) for _ in range(14)]
{"sold": sold, "stock": shop.stock, "orders": len(shop.log)}
