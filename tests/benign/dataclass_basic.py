# what: a dataclass with defaults
# strict: yes
from dataclasses import dataclass, field, asdict, astuple, replace


@dataclass
class Item:
    name: str
    price: float
    tags: list[str] = field(default_factory=list)
    count: int = 1

    @property
    def total(self):
        return self.price * self.count


a = Item("pen", 1.5, ["office"], 10)
b = replace(a, name="pencil", count=4)
print(a, b, sep="\n")
print(a == Item("pen", 1.5, ["office"], 10))
[asdict(a), astuple(b), a.total + b.total]
