# what: sum over itertools.repeat, no bytecode at all
# expect: TIMEOUT
import itertools

sum(itertools.repeat(1))
