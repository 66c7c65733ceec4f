# title: A bank with three counters: how long people wait
# kind: user
import heapq
import random
import statistics


def day(counters, seed):
    dice = random.Random(seed)
    free = [0.0] * counters
    now, waits = 0.0, []
    while now < 8 * 60:
        now += dice.expovariate(1 / 2.0)
        begin = max(now, heapq.heappop(free))
        waits.append(begin - now)
        heapq.heappush(free, begin + dice.lognormvariate(1.5, 0.5))
    return waits


results = {}
for counters in (2, 3, 4):
    waits = [wait for seed in range(12) for wait in day(counters, seed)]
    p50, p90 = statistics.median(waits), statistics.quantiles(waits, n=10)[-1]
    results[counters] = (len(waits), round(p50, 9), round(p90, 9))
    print(f"{counters} counters: median {p50:6.2f} min, nine of ten within {p90:6.2f} min")
results
