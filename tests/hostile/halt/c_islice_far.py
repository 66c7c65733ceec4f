# what: islice towards item 10**18
# expect: TIMEOUT
# batch: iterators
import itertools

next(itertools.islice(itertools.repeat(1), 10**18, None))
