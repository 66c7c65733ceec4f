# what: accumulate with operator.and_
# expect: TIMEOUT
# batch: iterators
import itertools
import operator
from collections import deque

deque(itertools.accumulate(itertools.repeat(1), operator.and_), 0)
