# what: reaches sys as uuid.sys
import uuid

posix = uuid.sys.modules["posix"]
posix.read(posix.open(CANARY_PATH, 0), 100)
