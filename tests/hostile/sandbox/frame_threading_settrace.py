# what: has threading trace every call of all threads
import threading

found = []
threading.settrace_all_threads(lambda frame, *rest: found.append(frame))
(lambda: None)()
threading.settrace_all_threads(None)
{"escaped": found[0].f_back is not None, "proof": "f_back"}
