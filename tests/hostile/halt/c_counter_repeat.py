# what: collections.Counter counting in C
# expect: TIMEOUT
# batch: iterators
import collections
import itertools

collections.Counter(itertools.repeat(1))
