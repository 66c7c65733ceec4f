# title: An endless count drained into an empty deque
# kind: loop
# expect: TIMEOUT
# timeout: 0.2
import collections
import itertools

collections.deque(itertools.count(), maxlen=0)
