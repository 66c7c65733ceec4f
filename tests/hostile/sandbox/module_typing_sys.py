# what: reaches sys as typing.sys
import typing

posix = typing.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
