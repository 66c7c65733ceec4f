# what: a deque grows, MemoryError caught
# expect: MEMORY_LIMIT_EXCEEDED
from collections import deque

d = deque()
while True:
    try:
        d.extend(range(10000))
    except MemoryError:
        pass
