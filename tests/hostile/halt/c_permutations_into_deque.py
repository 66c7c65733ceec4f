# what: the permutations of thirty things
# expect: TIMEOUT
import itertools
from collections import deque

deque(itertools.permutations(range(30)), 0)
