# what: a heap of tasks
# strict: yes
import heapq

heap = []
for priority, name in [(3, "c"), (1, "a"), (2, "b"), (1, "d")]:
    heapq.heappush(heap, (priority, name))
order = [heapq.heappop(heap) for _ in range(3)]
(order, heapq.nlargest(2, [5, 1, 9, 3]), heapq.nsmallest(2, "zebra"), list(heapq.merge([1, 4], [2, 3])), heapq.heappushpop([2, 5], 1))
