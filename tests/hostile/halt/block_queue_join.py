# what: joins a queue with an open task
# expect: TIMEOUT
import queue

q = queue.Queue()
q.put(1)
q.join()
