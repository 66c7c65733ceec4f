# what: reaches sys as typing.collections._sys
import typing

posix = typing.collections._sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
