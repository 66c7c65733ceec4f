# what: set() of one value repeated for ever
# expect: TIMEOUT
import itertools

set(itertools.repeat(1))
