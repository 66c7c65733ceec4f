# what: min() of a cycle
# expect: TIMEOUT
import itertools

min(itertools.cycle([3, 1, 2]))
