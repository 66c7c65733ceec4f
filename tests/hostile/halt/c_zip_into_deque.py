# what: zip of two counts into a deque of length 0
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

deque(zip(itertools.count(), itertools.count()), 0)
