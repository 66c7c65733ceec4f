# what: iter_unpack of a zero-filled block, again and again in C
# expect: TIMEOUT
# batch: iterators
import itertools
import struct
from collections import deque

data = bytes(1000000)
deque(itertools.chain.from_iterable(map(struct.Struct("b").iter_unpack, itertools.repeat(data))), 0)
