# what: finds the modules behind the allowed ones
import sys

posix = sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
