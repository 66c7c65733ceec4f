# what: functools.reduce with operator.or_
# expect: TIMEOUT
# batch: iterators
import functools
import itertools
import operator

functools.reduce(operator.or_, itertools.repeat(1))
