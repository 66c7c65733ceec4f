# what: any() of endless falsehood
# expect: TIMEOUT
import itertools

any(itertools.repeat(False))
