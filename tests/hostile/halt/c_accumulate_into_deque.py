# what: accumulate with operator.and_
# expect: TIMEOUT
import itertools
import operator
from collections import deque

deque(itertools.accumulate(itertools.repeat(1), operator.and_), 0)
