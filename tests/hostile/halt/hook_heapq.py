# what: heapq.heappush compares objects whose __lt__ loops
# expect: TIMEOUT
# batch: hooks
import heapq


class C:
    def __lt__(self, other):
        while True:
            pass


heap = [C()]
heapq.heappush(heap, C())
