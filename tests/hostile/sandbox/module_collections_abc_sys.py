# what: reaches sys as collections.abc.sys
# python: >=3.13
import collections.abc

posix = collections.abc.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
