# what: reaches sys as collections._sys
import collections

posix = collections._sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
