# what: math.fsum of endless zeros
# expect: TIMEOUT
# batch: iterators
import itertools
import math

math.fsum(itertools.repeat(0.0))
