# what: pairwise of batched of repeat
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

deque(itertools.pairwise(itertools.batched(itertools.repeat(1), 3)), 0)
