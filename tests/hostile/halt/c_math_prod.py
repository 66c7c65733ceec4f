# what: math.prod of endless ones
# expect: TIMEOUT
# batch: iterators
import itertools
import math

math.prod(itertools.repeat(1))
