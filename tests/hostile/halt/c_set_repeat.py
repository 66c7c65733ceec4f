# what: set() of one value repeated for ever
# expect: TIMEOUT
# batch: iterators
import itertools

set(itertools.repeat(1))
