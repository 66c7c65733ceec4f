# what: shortest ways
import heapq

graph = {"A": {"B": 7, "C": 3}, "B": {"D": 2}, "C": {"B": 1, "D": 8}, "D": {}}


def shortest(start):
    best, heap = {}, [(0, start)]
    while heap:
        d, n = heapq.heappop(heap)
        if n in best:
            continue
        best[n] = d
        for m, w in graph[n].items():
            heapq.heappush(heap, (d + w, m))
    return best


shortest("A")
