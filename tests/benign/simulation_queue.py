# what: customers at a counter
import heapq
import random

rng = random.Random(3)
events, free_at, waits = [], 0, []
t = 0
for i in range(50):
    t += rng.expovariate(1 / 5)
    heapq.heappush(events, (t, i))
while events:
    arrival, _ = heapq.heappop(events)
    start = max(arrival, free_at)
    waits.append(start - arrival)
    free_at = start + rng.uniform(2, 7)
(round(sum(waits) / len(waits), 3), round(max(waits), 3), sum(w == 0 for w in waits))
