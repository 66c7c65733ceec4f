# what: generic classes in the new syntax
# strict: yes
class Stack[T]:
    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> None:
        self.items.append(item)

    def pop(self) -> T:
        return self.items.pop()


def first[T](items: list[T], default: T | None = None) -> T | None:
    return items[0] if items else default


type Pair[A] = tuple[A, A]
s = Stack[int]()
for i in range(5):
    s.push(i)
(s.pop(), s.pop(), first([]), first("xy"), Stack.__type_params__[0].__name__, Pair.__name__)
