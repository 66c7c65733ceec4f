# what: reaches posix as pathlib._os.posix
# python: >=3.14
import pathlib

posix = pathlib._os.posix
posix.read(posix.open(CANARY_PATH, 0), 100)
