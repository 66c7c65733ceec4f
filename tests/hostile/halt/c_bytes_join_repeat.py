# what: b"".join of endless empty bytes
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: iterators
import itertools

b"".join(itertools.repeat(b""))
