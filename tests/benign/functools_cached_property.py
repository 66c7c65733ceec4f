# what: a property that is computed once
# strict: yes
import functools


class Data:
    computed = 0

    def __init__(self, values):
        self.values = values

    @functools.cached_property
    def total(self):
        Data.computed += 1
        return sum(self.values)

    def method(self, a, b):
        return a - b

    swapped = functools.partialmethod(method, 100)


d = Data(range(10))
(d.total + d.total, Data.computed, d.swapped(1), functools.wraps(Data.method)(lambda: 0).__name__)
