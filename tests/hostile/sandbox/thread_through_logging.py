# what: has a queue listener of logging start a thread
import logging.handlers
import queue

records = queue.Queue()
found = queue.Queue()


class Handler(logging.Handler):
    def emit(self, record):
        found.put(1)


listener = logging.handlers.QueueListener(records, Handler())
listener.start()
records.put(logging.LogRecord("x", 40, "x", 1, "text", None, None))
{"escaped": found.get(timeout=2) == 1, "proof": "ran"}
