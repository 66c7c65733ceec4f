# what: next(filter(None, ...)) that never finds anything
# expect: TIMEOUT
# batch: iterators
import itertools

next(filter(None, itertools.repeat(0)))
