# title: Waits for a queue that nobody fills
# kind: loop
# expect: TIMEOUT
# timeout: 0.15
import queue

while True:
    try:
        queue.SimpleQueue().get()
    except BaseException:
        pass
