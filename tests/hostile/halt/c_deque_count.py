# what: deque with maxlen 0 over itertools.count
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

deque(itertools.count(), maxlen=0)
