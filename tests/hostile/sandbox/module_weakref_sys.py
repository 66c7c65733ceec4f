# what: reaches sys as weakref.sys
import weakref

posix = weakref.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
