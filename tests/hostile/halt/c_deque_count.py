# what: deque with maxlen 0 over itertools.count
# expect: TIMEOUT
import itertools
from collections import deque

deque(itertools.count(), maxlen=0)
