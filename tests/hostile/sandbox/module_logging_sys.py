# what: reaches sys as logging.sys
import logging

posix = logging.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
