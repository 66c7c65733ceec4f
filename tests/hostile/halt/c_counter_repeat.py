# what: collections.Counter counting in C
# expect: TIMEOUT
import collections
import itertools

collections.Counter(itertools.repeat(1))
