# title: Shortest ways through a seeded road network
# kind: user
import heapq
import random

random.seed("roads")
towns = [f"T{n:02}" for n in range(60)]
roads = {town: {} for town in towns}
for town in towns:
    for other in random.sample(towns, 4):
        if other != town:
            roads[town][other] = roads[other][town] = random.randint(3, 90)


def shortest(start):
    best, came, heap = {start: 0}, {}, [(0, start)]
    while heap:
        distance, town = heapq.heappop(heap)
        if distance > best[town]:
            continue
        for other, length in roads[town].items():
            if (new := distance + length) < best.get(other, float("inf")):
                best[other], came[other] = new, town
                heapq.heappush(heap, (new, other))
    return best, came


best, came = shortest("T00")
far = max(best, key=lambda town: (best[town], town))
path = [far]
while path[-1] in came:
    path.append(came[path[-1]])
print(" - ".join(reversed(path)), f"= {best[far]} km")
dict(sorted(best.items()))
