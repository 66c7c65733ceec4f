# what: a logging filter loops
# expect: TIMEOUT
# batch: hooks
import logging


def spin(record):
    while True:
        pass


log = logging.getLogger("spin")
log.addFilter(spin)
log.warning("x")
