# what: min() of a cycle
# expect: TIMEOUT
# batch: iterators
import itertools

min(itertools.cycle([3, 1, 2]))
