# what: reaches threading as logging.threading
import logging

found = []
thread = logging.threading.Thread(target=found.append, args=(1,))
thread.start()
thread.join()
{"escaped": found == [1], "proof": "ran"}
