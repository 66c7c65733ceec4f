# what: dropwhile with a builtin that is always true
# expect: TIMEOUT
# batch: iterators
import itertools

next(itertools.dropwhile(callable, itertools.repeat(len)))
