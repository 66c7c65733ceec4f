# what: an array grows
# expect: MEMORY_LIMIT_EXCEEDED
from array import array

a = array("d", [1.5] * 1000)
while True:
    a.extend(a)
