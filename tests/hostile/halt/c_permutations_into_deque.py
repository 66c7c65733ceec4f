# what: the permutations of thirty things
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

deque(itertools.permutations(range(30)), 0)
