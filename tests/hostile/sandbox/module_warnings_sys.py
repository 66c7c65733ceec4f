# what: reaches sys as warnings.sys
import warnings

posix = warnings.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
