# what: reaches sys as re.enum.sys
import re

posix = re.enum.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
