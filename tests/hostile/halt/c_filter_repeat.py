# what: next(filter(None, ...)) that never finds anything
# expect: TIMEOUT
import itertools

next(filter(None, itertools.repeat(0)))
