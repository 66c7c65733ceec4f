# what: reaches sys as enum.sys
import enum

posix = enum.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
