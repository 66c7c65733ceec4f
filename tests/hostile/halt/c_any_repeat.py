# what: any() of endless falsehood
# expect: TIMEOUT
# batch: iterators
import itertools

any(itertools.repeat(False))
