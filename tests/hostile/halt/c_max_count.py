# what: max() of itertools.count
# expect: TIMEOUT
# batch: iterators
import itertools

max(itertools.count())
