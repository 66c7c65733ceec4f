# what: filterfalse that never finds anything
# expect: TIMEOUT
# batch: iterators
import itertools

next(itertools.filterfalse(None, itertools.repeat(1)))
