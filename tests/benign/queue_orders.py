# what: queues
import queue

q, p, s = queue.Queue(), queue.PriorityQueue(), queue.LifoQueue()
for x in (3, 1, 2):
    q.put(x), p.put(x), s.put(x)
try:
    queue.Queue().get_nowait()
except queue.Empty:
    print("empty")
[[x.get() for _ in range(3)] for x in (q, p, s)]
