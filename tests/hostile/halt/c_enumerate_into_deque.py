# what: enumerate of an endless iterator
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

deque(enumerate(itertools.repeat(None)), 0)
