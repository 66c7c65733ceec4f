# what: a group that has no end
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

for _, group in itertools.groupby(itertools.repeat(1)):
    deque(group, 0)
