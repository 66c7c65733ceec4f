# what: a lock taken twice
# expect: TIMEOUT
import threading

lock = threading.Lock()
lock.acquire()
lock.acquire()
