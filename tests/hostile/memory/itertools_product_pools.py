# what: product keeps its endless argument
# expect: MEMORY_LIMIT_EXCEEDED
import itertools

itertools.product(itertools.repeat(1))
