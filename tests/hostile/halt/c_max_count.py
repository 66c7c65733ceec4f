# what: max() of itertools.count
# expect: TIMEOUT
import itertools

max(itertools.count())
