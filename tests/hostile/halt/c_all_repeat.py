# what: all() of endless truth
# expect: TIMEOUT
# batch: iterators
import itertools

all(itertools.repeat(True))
