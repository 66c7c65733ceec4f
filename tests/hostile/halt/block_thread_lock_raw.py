# what: the lock type of _thread, taken twice
# expect: TIMEOUT
import _thread

lock = _thread.allocate_lock()
with lock:
    with lock:
        pass
