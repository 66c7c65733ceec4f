# what: a handler of its own
import logging


class ListHandler(logging.Handler):
    def __init__(self):
        super().__init__()
        self.rows = []

    def emit(self, record):
        self.rows.append(self.format(record))


h = ListHandler()
h.setFormatter(logging.Formatter("[%(levelname)-7s] %(funcName)s %(message)s"))
log = logging.getLogger("x")
log.addHandler(h)
log.setLevel("DEBUG")
log.propagate = False


def work():
    log.debug("start")
    log.warning("end %d", 3)


work()
h.rows
