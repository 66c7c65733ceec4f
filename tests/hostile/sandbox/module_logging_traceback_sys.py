# what: reaches sys as logging.traceback.sys
import logging

posix = logging.traceback.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
