# what: reads the clock that the queue module has for itself
# levels: STRICT
import queue

{"escaped": queue.time() > 0, "proof": "time"}
