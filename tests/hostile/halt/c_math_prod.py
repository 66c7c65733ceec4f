# what: math.prod of endless ones
# expect: TIMEOUT
import itertools
import math

math.prod(itertools.repeat(1))
