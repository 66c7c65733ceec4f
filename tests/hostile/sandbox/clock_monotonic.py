# what: measures time with the monotonic clock
# levels: STRICT
import time

a = time.monotonic_ns()
sum(range(100_000))
{"escaped": time.monotonic_ns() > a, "proof": "time"}
