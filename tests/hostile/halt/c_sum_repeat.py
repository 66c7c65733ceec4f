# what: sum over itertools.repeat, no bytecode at all
# expect: TIMEOUT
# batch: iterators
import itertools

sum(itertools.repeat(1))
