# what: a list reads itself through an iterator while it is drained
# expect: TIMEOUT
# batch: iterators
from collections import deque

xs = [0, 0]


def source():
    for x in xs:
        yield x
        xs.append(x)
        if len(xs) > 100:
            del xs[50:]


while True:
    deque(source(), 0)
