# what: reaches sys as calendar.sys
import calendar

posix = calendar.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
