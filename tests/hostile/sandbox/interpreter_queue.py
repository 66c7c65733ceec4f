# what: makes a queue that all interpreters share
# python: >=3.13
import _interpqueues

queue = _interpqueues.create(1, 1, 1)
{"escaped": queue is not None, "proof": "id"}
