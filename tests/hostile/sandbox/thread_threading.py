# what: starts a thread with threading
import threading

found = []
thread = threading.Thread(target=found.append, args=(1,))
thread.start()
thread.join()
{"escaped": found == [1], "proof": "ran"}
