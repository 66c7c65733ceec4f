# what: reads from one end of a deque what it puts at the other
# expect: TIMEOUT
# batch: loops
from collections import deque

d = deque(range(10))
while d:
    d.append(d.popleft())
