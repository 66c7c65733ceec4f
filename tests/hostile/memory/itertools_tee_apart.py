# what: tee's buffer between two iterators far apart
# expect: MEMORY_LIMIT_EXCEEDED
import itertools

a, b = itertools.tee(itertools.count())
for _ in a:
    pass
