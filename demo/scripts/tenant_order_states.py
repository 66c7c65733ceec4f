# title: An order's life as a state machine
# kind: tenant
from collections import Counter
from enum import StrEnum, auto


class State(StrEnum):
    NEW = auto()
    PAID = auto()
    SENT = auto()
    DONE = auto()
    CANCELLED = auto()


MOVES = {
    (State.NEW, "pay"): State.PAID,
    (State.NEW, "cancel"): State.CANCELLED,
    (State.PAID, "send"): State.SENT,
    (State.PAID, "cancel"): State.CANCELLED,
    (State.SENT, "receive"): State.DONE,
    (State.SENT, "return"): State.PAID,
}


class Order:
    def __init__(self, number):
        self.number, self.state, self.log = number, State.NEW, []

    def handle(self, event):
        target = MOVES.get((self.state, event))
        if target is None:
            self.log.append(f"{event} refused while {self.state}")
            return False
        self.log.append(f"{self.state} -> {target}")
        self.state = target
        return True


orders = {n: Order(n) for n in range(1, 5)}
events = [
    (1, "pay"),
    (1, "send"),
    (2, "send"),
    (1, "receive"),
    (3, "pay"),
    (3, "send"),
    (3, "return"),
    (3, "cancel"),
    (4, "cancel"),
    (4, "pay"),
]
accepted = [orders[n].handle(event) for n, event in events]
for order in orders.values():
    print(order.number, "; ".join(order.log))
return {n: order.state.value for n, order in orders.items()}, Counter(accepted)[True]
