# what: Enum's _missing_ loops
# expect: TIMEOUT
# batch: hooks
import enum


class E(enum.Enum):
    A = 1

    @classmethod
    def _missing_(cls, value):
        while True:
            pass


E(2)
