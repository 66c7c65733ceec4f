# what: starts a thread
import _thread

done = _thread.allocate_lock()
done.acquire()
_thread.start_new_thread(done.release, ())
{"escaped": done.acquire(timeout=2), "proof": "ran"}
