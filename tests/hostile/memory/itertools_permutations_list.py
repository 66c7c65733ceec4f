# what: permutations collected in a list
# expect: MEMORY_LIMIT_EXCEEDED
import itertools

list(itertools.permutations(range(12)))
