# what: a container with all the methods of a sequence
# strict: yes
from collections.abc import Sequence


class Range2(Sequence):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(self.n))]
        if not -self.n <= i < self.n:
            raise IndexError(i)
        return (i % self.n) ** 2


r = Range2(6)
[r[2], r[-1], r[1:4], list(reversed(r)), r.index(16), r.count(9), 25 in r]
