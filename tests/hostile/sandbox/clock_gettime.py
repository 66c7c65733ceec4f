# what: reads a clock by its number
# levels: STRICT
import time

{"escaped": time.clock_gettime(time.CLOCK_REALTIME) > 1e9, "proof": "time"}
