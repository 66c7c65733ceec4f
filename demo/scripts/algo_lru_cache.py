# title: An LRU cache of one's own, against functools
# kind: user
import random
from collections import OrderedDict
from functools import lru_cache


class Lru:
    def __init__(self, function, size):
        self.function, self.size, self.kept = function, size, OrderedDict()
        self.hits = self.misses = 0

    def __call__(self, key):
        if key in self.kept:
            self.hits += 1
            self.kept.move_to_end(key)
        else:
            self.misses += 1
            self.kept[key] = self.function(key)
            if len(self.kept) > self.size:
                self.kept.popitem(last=False)
        return self.kept[key]


def collatz(n):
    steps = 0
    while n != 1:
        n = 3 * n + 1 if n & 1 else n // 2
        steps += 1
    return steps


dice = random.Random(404)
keys = [int(dice.paretovariate(0.9)) % 500 + 1 for _ in range(4000)]
mine, theirs = Lru(collatz, 64), lru_cache(maxsize=64)(collatz)
same = all(mine(key) == theirs(key) for key in keys)
info = theirs.cache_info()
print(mine.hits, mine.misses, info.hits, info.misses)
return same, (mine.hits, mine.misses) == (info.hits, info.misses), mine.hits
