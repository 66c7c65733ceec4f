# what: reaches sys as pprint._sys
import pprint

posix = pprint._sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
