# what: measures time
# levels: STRICT
import time

a = time.perf_counter_ns()
sum(range(10_000))
{"escaped": time.perf_counter_ns() > a, "proof": "time"}
