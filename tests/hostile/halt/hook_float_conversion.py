# what: __float__ loops inside math.sqrt
# expect: TIMEOUT
# batch: hooks
import math


class N:
    def __float__(self):
        while True:
            pass


math.sqrt(N())
