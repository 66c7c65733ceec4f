# what: reads the clock
# levels: STRICT
import time

{"escaped": time.time() > 1e9, "proof": "time"}
