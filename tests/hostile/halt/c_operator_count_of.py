# what: operator.countOf an endless iterator
# expect: TIMEOUT
# batch: iterators
import itertools
import operator

operator.countOf(itertools.repeat(1), 2)
