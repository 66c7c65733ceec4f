# what: makes a queue that all interpreters share
# python: >=3.13
import _interpqueues

try:
    queue = _interpqueues.create(1, 0, 1)
except TypeError:
    queue = _interpqueues.create(1)
{"escaped": queue is not None, "proof": "id"}
