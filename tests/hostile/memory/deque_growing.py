# what: a deque grows at both ends
# expect: MEMORY_LIMIT_EXCEEDED
from collections import deque

d = deque()
while True:
    d.append(1)
    d.appendleft(d)
