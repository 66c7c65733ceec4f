# what: a semaphore of nothing
# expect: TIMEOUT
import threading

threading.Semaphore(0).acquire()
