# what: filterfalse that never finds anything
# expect: TIMEOUT
import itertools

next(itertools.filterfalse(None, itertools.repeat(1)))
