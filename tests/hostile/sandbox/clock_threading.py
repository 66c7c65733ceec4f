# what: reads the clock that the threading module has for itself
# levels: STRICT
import queue

{"escaped": queue.threading._time() > 0, "proof": "time"}
