# what: gets from an empty SimpleQueue, which waits in C
# expect: TIMEOUT
import queue

queue.SimpleQueue().get()
