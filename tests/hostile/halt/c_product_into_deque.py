# what: the product of twenty ranges
# expect: TIMEOUT
import itertools
from collections import deque

deque(itertools.product(range(10), repeat=20), 0)
