# what: the combinations of two hundred things
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

deque(itertools.combinations(range(200), 100), 0)
