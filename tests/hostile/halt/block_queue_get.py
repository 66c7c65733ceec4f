# what: gets from an empty queue
# expect: TIMEOUT
import queue

queue.Queue().get()
