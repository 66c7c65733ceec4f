# what: heapq.merge of endless iterators into a deque
# expect: TIMEOUT
# batch: iterators
import heapq
import itertools
from collections import deque

deque(heapq.merge(itertools.repeat(1), itertools.repeat(2)), 0)
