# what: tee, chain and compress, nested, consumed in C
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

a, b = itertools.tee(itertools.repeat(1))
del b
deque(itertools.compress(itertools.chain.from_iterable(itertools.repeat((1, 2))), a), 0)
