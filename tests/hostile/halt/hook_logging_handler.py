# what: a logging handler loops with the handler's lock held
# expect: TIMEOUT
# batch: hooks
import logging


class H(logging.Handler):
    def emit(self, record):
        while True:
            pass


log = logging.getLogger("spin")
log.addHandler(H())
log.warning("x")
