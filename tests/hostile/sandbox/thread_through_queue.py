# what: starts a thread with the module that queue has loaded
import queue

found = queue.Queue()
queue.threading.Thread(target=found.put, args=(1,)).start()
{"escaped": found.get(timeout=2) == 1, "proof": "ran"}
