# what: aborts with the lock of a logging handler held
# expect: WORKER_CRASHED
import logging
import os


class H(logging.Handler):
    def emit(self, record):
        os.abort()


log = logging.getLogger("crash")
log.addHandler(H())
log.error("x")
