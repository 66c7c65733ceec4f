# what: logging's own lock is taken and a wait begun
# expect: TIMEOUT
import logging
import threading

with logging._lock:
    threading.Event().wait()
