# what: reaches sys as contextlib.sys
import contextlib

posix = contextlib.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
