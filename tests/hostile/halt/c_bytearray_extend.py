# what: bytearray.extend from a repeat
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: iterators
import itertools

bytearray().extend(itertools.repeat(1))
