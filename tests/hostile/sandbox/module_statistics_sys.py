# what: reaches sys as statistics.sys
import statistics

posix = statistics.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
