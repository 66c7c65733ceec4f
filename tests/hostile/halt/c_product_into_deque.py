# what: the product of twenty ranges
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

deque(itertools.product(range(10), repeat=20), 0)
