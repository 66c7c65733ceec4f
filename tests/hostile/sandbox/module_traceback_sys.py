# what: reaches sys as traceback.sys
import traceback

posix = traceback.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
