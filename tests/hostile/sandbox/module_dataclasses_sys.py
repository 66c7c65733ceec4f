# what: reaches sys as dataclasses.sys
import dataclasses

posix = dataclasses.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
