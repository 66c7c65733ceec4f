# what: a program that measures itself
import time

start = time.perf_counter()
total = sum(i * i for i in range(1000))
elapsed = time.perf_counter() - start
time.sleep(0.001)
(total, elapsed >= 0, time.time() > 1_600_000_000, time.gmtime(0).tm_year, time.strftime("%Y-%m-%d", time.gmtime(86400)))
