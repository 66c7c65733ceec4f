# what: operator.indexOf an endless iterator
# expect: TIMEOUT
# batch: iterators
import itertools
import operator

operator.indexOf(itertools.repeat(1), 2)
