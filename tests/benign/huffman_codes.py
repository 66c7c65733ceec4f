# what: codes of different lengths
# strict: yes
import heapq
from collections import Counter


def codes(text):
    heap = [(n, c, c) for c, n in sorted(Counter(text).items())]
    heapq.heapify(heap)
    for _ in range(len(heap) - 1):
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (a[0] + b[0], min(a[1], b[1]), (a[2], b[2])))

    def walk(tree, prefix=""):
        if isinstance(tree, str):
            yield tree, prefix
        else:
            yield from walk(tree[0], prefix + "0")
            yield from walk(tree[1], prefix + "1")

    return dict(walk(heap[0][2]))


table = codes("abracadabra")
(sum(len(table[c]) for c in "abracadabra"), sorted(table))
