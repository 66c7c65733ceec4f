# what: a dataclass compared through a field that loops
# expect: TIMEOUT
# batch: hooks
import dataclasses


class L:
    def __eq__(self, other):
        while True:
            pass


@dataclasses.dataclass
class D:
    x: object


D(L()) == D(L())
