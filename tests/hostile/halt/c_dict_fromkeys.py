# what: dict.fromkeys of one key repeated for ever
# expect: TIMEOUT
# batch: iterators
import itertools

dict.fromkeys(itertools.repeat(0))
