# what: reads the clock in nanoseconds
# levels: STRICT
import time

{"escaped": time.time_ns() > 10**18, "proof": "time"}
