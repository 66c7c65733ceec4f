# what: starts a thread that outlives the run
import threading
import time

started = threading.Event()
threading.Thread(target=lambda: (started.set(), time.sleep(0.2)), daemon=True).start()
{"escaped": started.wait(2), "proof": "ran"}
