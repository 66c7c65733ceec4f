# what: starmap of pow
# expect: TIMEOUT
# batch: iterators
import itertools
from collections import deque

deque(itertools.starmap(pow, itertools.repeat((2, 3))), 0)
