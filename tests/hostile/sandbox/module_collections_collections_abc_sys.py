# what: reaches sys as collections._collections_abc.sys
import collections

posix = collections._collections_abc.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
