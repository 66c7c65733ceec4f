# what: an array repeated
# expect: MEMORY_LIMIT_EXCEEDED
from array import array

array("q", [1]) * 10**9
