# what: all() of endless truth
# expect: TIMEOUT
import itertools

all(itertools.repeat(True))
