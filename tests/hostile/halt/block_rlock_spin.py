# what: an RLock taken ever deeper and given back
# expect: TIMEOUT
import threading

lock = threading.RLock()
while True:
    for _ in range(1000):
        lock.acquire()
    for _ in range(1000):
        lock.release()
