# what: a lock waited for with a time-out of days, again and again
# expect: TIMEOUT
import threading

lock = threading.Lock()
lock.acquire()
while True:
    try:
        lock.acquire(timeout=1000000)
    except BaseException:
        pass
