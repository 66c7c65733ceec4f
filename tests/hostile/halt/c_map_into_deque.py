# what: map of a builtin over a repeat, consumed in C
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

deque(map(abs, itertools.repeat(-1)), 0)
