# what: dropwhile with a builtin that is always true
# expect: TIMEOUT
import itertools

next(itertools.dropwhile(callable, itertools.repeat(len)))
