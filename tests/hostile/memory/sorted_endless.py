# what: sorted() of an endless iterator
# expect: MEMORY_LIMIT_EXCEEDED
import itertools

sorted(itertools.count())
