# what: the product of twelve ranges in a list
# expect: MEMORY_LIMIT_EXCEEDED
import itertools

list(itertools.product(range(10), repeat=12))
