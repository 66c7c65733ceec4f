# what: reaches sys as fractions.sys
import fractions

posix = fractions.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
