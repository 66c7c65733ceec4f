# what: measures processor time
# levels: STRICT
import time

sum(range(100_000))
{"escaped": time.process_time_ns() > 0 and time.thread_time_ns() > 0, "proof": "time"}
